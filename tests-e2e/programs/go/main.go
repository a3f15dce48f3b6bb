// net/http. usage: programs server PORT | programs client <PLAN | programs postgresql|mysql|redis PORT
package main

import "os"

func main() {
	switch os.Args[1] {
	case "server":
		serve(os.Args[2])
	case "postgresql":
		postgresql(os.Args[2])
	case "mysql":
		mysql(os.Args[2])
	case "redis":
		redisClient(os.Args[2])
	default:
		ask(os.Stdin)
	}
}
