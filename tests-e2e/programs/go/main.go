// net/http. usage: programs server PORT | programs client <PLAN
package main

import "os"

func main() {
	if os.Args[1] == "server" {
		serve(os.Args[2])
	} else {
		ask(os.Stdin)
	}
}
