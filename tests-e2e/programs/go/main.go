// net/http. usage: programs server PORT | programs client <PLAN | programs postgresql|mysql|redis PORT | programs mongodb PORT NAME | programs dns
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
	case "dns":
		dns()
	case "mongodb":
		mongodb(os.Args[2], os.Args[3])
	default:
		ask(os.Stdin)
	}
}
