package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// Answers /r/ID, after asking the upstream, if there is one, for /u/ID: through net/http, or, if the id says so, on a connection that the handler writes on itself.
func relay(port string, upstream []string) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if len(upstream) > 0 {
			if strings.HasPrefix(id, "later") {
				time.Sleep(20 * time.Millisecond)
			}
			if strings.HasPrefix(id, "direct") {
				handOnDirectly(upstream[0], id)
			} else {
				handOn(upstream[0], id)
			}
		}
		io.WriteString(w, "ok")
	})
	if folder := os.Getenv("TLS"); folder != "" {
		panic(http.ListenAndServeTLS("127.0.0.1:"+port, folder+"/cert.pem", folder+"/key.pem", handler))
	}
	panic(http.ListenAndServe("127.0.0.1:"+port, handler))
}

func handOn(port, id string) {
	response, err := client.Get(fmt.Sprintf("%s://127.0.0.1:%s/u/%s", scheme, port, id))
	if err != nil {
		panic(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

func handOnDirectly(port, id string) {
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /u/%s HTTP/1.1\r\nHost: upstream\r\n\r\n", id)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		panic(err)
	}
	io.Copy(io.Discard, response.Body)
}
