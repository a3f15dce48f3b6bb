package main

import (
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"
)

// argocd runs a health check as Argo CD does: the object is the global obj, of the libraries only base, table, string and math are open,
// and the answer is a table with status and message.
func argocd(script string, object map[string]any) (string, string, error) {
	source, err := os.ReadFile(script)
	if err != nil {
		return "", "", err
	}
	vm := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer vm.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable,
		lua.StringLibName: lua.OpenString, lua.MathLibName: lua.OpenMath,
	} {
		vm.Push(vm.NewFunction(open))
		vm.Push(lua.LString(name))
		vm.Call(1, 0)
	}
	vm.SetGlobal("obj", value(vm, object))
	if err := vm.DoString(string(source)); err != nil {
		return "", "", err
	}
	answer, isTable := vm.Get(-1).(*lua.LTable)
	if !isTable {
		return "", "", fmt.Errorf("%s returns %s and not a table", script, vm.Get(-1).Type())
	}
	return answer.RawGetString("status").String(), answer.RawGetString("message").String(), nil
}

func value(vm *lua.LState, from any) lua.LValue {
	switch from := from.(type) {
	case map[string]any:
		table := vm.NewTable()
		for name, field := range from {
			table.RawSetString(name, value(vm, field))
		}
		return table
	case []any:
		table := vm.NewTable()
		for _, element := range from {
			table.Append(value(vm, element))
		}
		return table
	case string:
		return lua.LString(from)
	case float64:
		return lua.LNumber(from)
	case bool:
		return lua.LBool(from)
	}
	return lua.LNil
}
