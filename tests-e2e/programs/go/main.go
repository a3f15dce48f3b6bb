// net/http. usage: programs server PORT | programs relay PORT [UPSTREAM] | programs client <PLAN | programs postgresql|mysql|redis PORT | programs mongodb PORT NAME | programs dns | programs mysql-mixed PORT SEED COUNT
package main

import (
	"os"
	"strconv"
)

func main() {
	switch os.Args[1] {
	case "server":
		serve(os.Args[2])
	case "relay":
		relay(os.Args[2], os.Args[3:])
	case "postgresql":
		postgresql(os.Args[2])
	case "mysql":
		mysql(os.Args[2])
	case "mysql-mixed":
		mysqlMixed(os.Args[2], int64(number(3)), number(4))
	case "redis":
		redisClient(os.Args[2])
	case "dns":
		dns()
	case "mongodb":
		mongodb(os.Args[2], os.Args[3])
	default:
		ask(os.Stdin)
	}
}

func number(argument int) int {
	value, err := strconv.Atoi(os.Args[argument])
	if err != nil {
		panic(err)
	}
	return value
}
