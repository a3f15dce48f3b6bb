// HTTP/2 by Go's own stacks. usage: grpc server PORT | client PORT | drip PORT | load PORT CALLS STREAMS | h2c PORT | get PORT CALLS STREAMS | small PORT CALLS STREAMS | calls PORT SEED COUNT | requests PORT SEED COUNT
package main

import (
	"os"
	"strconv"
)

func main() {
	port := os.Args[2]
	switch os.Args[1] {
	case "server":
		serve(port)
	case "client":
		interoperate(port)
	case "load":
		load(port, number(3), number(4))
	case "drip":
		drip(port, os.Stdin)
	case "h2c":
		h2cServe(port)
	case "calls":
		mixedCalls(port, int64(number(3)), number(4))
	case "requests":
		mixedRequests(port, int64(number(3)), number(4))
	case "get":
		get(port, number(3), number(4), true)
	case "small":
		get(port, number(3), number(4), false)
	}
}

func number(argument int) int {
	value, err := strconv.Atoi(os.Args[argument])
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
