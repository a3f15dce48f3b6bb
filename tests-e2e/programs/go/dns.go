package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
)

// Go's own resolver: A and AAAA at once, each on a socket of its own.
func dns() {
	resolver := &net.Resolver{PreferGo: true}
	var wait sync.WaitGroup
	for i := 0; i < 20; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if _, err := resolver.LookupHost(context.Background(), fmt.Sprintf("go%d.shop.here.test", i)); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}()
	}
	wait.Wait()
	if _, err := resolver.LookupHost(context.Background(), "nothing.here.test"); err == nil {
		os.Exit(1)
	}
}
