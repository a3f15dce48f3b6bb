package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sort"
	"strconv"
	"sync"
	"time"
)

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		log.Fatalf("not a positive number: %s", text)
	}
	return n
}

// load sends at a fixed rate whatever the server does, and prints: requests, p50 and p99 latency in microseconds.
func load(address string, connections, rate, seconds int) {
	var group sync.WaitGroup
	latencies := make([][]time.Duration, connections)
	begin := time.Now().Add(10 * time.Millisecond)
	interval := time.Duration(connections) * time.Second / time.Duration(rate)
	for i := range connections {
		group.Add(1)
		go func() {
			defer group.Done()
			first := begin.Add(interval * time.Duration(i) / time.Duration(connections))
			latencies[i] = connection(address, first, interval, begin.Add(time.Duration(seconds)*time.Second))
		}()
	}
	group.Wait()
	var all []time.Duration
	for _, some := range latencies {
		all = append(all, some...)
	}
	sort.Slice(all, func(a, b int) bool { return all[a] < all[b] })
	at := func(share float64) float64 { return float64(all[int(share*float64(len(all)-1))].Nanoseconds()) / 1e3 }
	fmt.Printf("%d %.1f %.1f\n", len(all), at(0.50), at(0.99))
}

// connection sends one request per interval. Latency counts from when a request was due if the connection was still busy
// then (the server's fault), and from the actual sending if only this process' timer was late.
func connection(address string, due time.Time, interval time.Duration, end time.Time) []time.Duration {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	reader := bufio.NewReader(conn)
	request := []byte("GET /hello HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: wire/1\r\nAccept: */*\r\n\r\n")
	var latencies []time.Duration
	for ; due.Before(end); due = due.Add(interval) {
		start := due
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
			start = time.Now()
		}
		if _, err := conn.Write(request); err != nil {
			log.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			log.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		latencies = append(latencies, time.Since(start))
	}
	return latencies
}
