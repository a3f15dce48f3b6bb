// The programs that GitOps tools judge and render with, for tests: kstatus (Flux, kpt), Argo CD's Lua, Helm's templates.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 1 && arguments[0] == "kstatus":
		return judged(kstatus)
	case len(arguments) == 2 && arguments[0] == "argocd":
		return judged(func(object map[string]any) (string, string, error) { return argocd(arguments[1], object) })
	case len(arguments) >= 3 && arguments[0] == "helm":
		return helm(arguments[1], arguments[2], arguments[3:])
	}
	return fmt.Errorf("usage: gitops kstatus <OBJECT | gitops argocd SCRIPT <OBJECT | gitops helm CHART NAMESPACE [KEY=VALUE…]")
}

// judged reads one object as JSON and writes its health and the reason, a tab between them.
func judged(judge func(map[string]any) (string, string, error)) error {
	var object map[string]any
	decoder := json.NewDecoder(os.Stdin)
	if err := decoder.Decode(&object); err != nil {
		return err
	}
	health, message, err := judge(object)
	if err == nil {
		fmt.Printf("%s\t%s\n", health, message)
	}
	return err
}
