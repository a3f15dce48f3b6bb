package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

// By prior knowledge and by upgrade. As the servers of ProgramsE2E: /PAIR/KIND/ARGUMENT, and METHOD PATH STATUS a line.
func h2cServe(port string) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		part := strings.Split(r.URL.Path, "/")
		size, _ := strconv.Atoi(part[3])
		status := 200
		switch part[2] {
		case "status":
			status = size
			w.WriteHeader(size)
		case "hints":
			w.Header().Set("Link", "</style.css>")
			w.WriteHeader(103)
			io.WriteString(w, "ok")
		case "trailers":
			w.Header().Set("Trailer", "X-Sum")
			io.WriteString(w, "ok")
			w.Header().Set("X-Sum", "1")
		case "abort":
			fmt.Println(r.Method, r.URL.Path, 0)
			panic(http.ErrAbortHandler)
		default:
			w.Write(bytes.Repeat([]byte("x"), size))
		}
		fmt.Println(r.Method, r.URL.Path, status)
	})
	check(http.ListenAndServe("127.0.0.1:"+port, h2c.NewHandler(handler, &http2.Server{})))
}

// GETs on one connection, so many at once, for 100 bytes or, if `sizes`, for none to 28,000.
func get(port string, calls, streams int, sizes bool) {
	client := h2cClient()
	var all sync.WaitGroup
	for range streams {
		all.Go(func() {
			for i := range calls / streams {
				size := 100
				if sizes {
					size = i % 5 * 7000
				}
				path := fmt.Sprintf("/go/bytes/%d", size)
				response, err := client.Get("http://127.0.0.1:" + port + path)
				check(err)
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				fmt.Println("GET", path, response.StatusCode)
			}
		})
	}
	all.Wait()
}

// By prior knowledge; a connection of its own.
func h2cClient() *http.Client {
	return &http.Client{Transport: &http2.Transport{
		AllowHTTP: true,
		DialTLSContext: func(_ context.Context, network, address string, _ *tls.Config) (net.Conn, error) {
			return net.Dial(network, address)
		},
	}}
}
