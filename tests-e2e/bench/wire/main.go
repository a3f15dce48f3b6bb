// Command wire holds the two ends of a benchmark that must cost little: an open-loop HTTP/1.1 load and an OTLP receiver.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) == 6 && os.Args[1] == "load" {
		load(os.Args[2], number(os.Args[3]), number(os.Args[4]), number(os.Args[5]))
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "sink" {
		sink(os.Args[2])
		return
	}
	fmt.Fprintln(os.Stderr, "usage: wire load HOST:PORT CONNECTIONS RATE SECONDS | wire sink HOST:PORT")
	os.Exit(2)
}
