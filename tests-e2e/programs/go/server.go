package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// From this size on, bytes come from a file: net/http then uses sendfile.
const fileSize = 1 << 20

func serve(port string) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		part := strings.Split(r.URL.Path, "/")
		status := answer(w, part[2], part[3])
		fmt.Println(r.Method, r.URL.Path, status)
	})
	if folder := os.Getenv("TLS"); folder != "" {
		panic(http.ListenAndServeTLS("127.0.0.1:"+port, folder+"/cert.pem", folder+"/key.pem", handler))
	}
	panic(http.ListenAndServe("127.0.0.1:"+port, handler))
}

func answer(w http.ResponseWriter, kind, argument string) int {
	size, _ := strconv.Atoi(argument)
	switch kind {
	case "status":
		w.WriteHeader(size)
		return size
	case "echo":
		io.WriteString(w, "ok")
	case "chunks":
		for ; size > 0; size -= 8000 {
			w.Write(bytes.Repeat([]byte("x"), min(size, 8000)))
			w.(http.Flusher).Flush()
		}
	case "gzip":
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		packed.Write(bytes.Repeat([]byte("x"), size))
		packed.Close()
	default:
		w.Header().Set("Content-Length", argument)
		if size >= fileSize {
			sendFile(w, size)
		} else {
			w.Write(bytes.Repeat([]byte("x"), size))
		}
	}
	return 200
}

func sendFile(w io.Writer, size int) {
	file, err := os.CreateTemp("", "spandrel-e2e")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	os.Remove(file.Name())
	file.Truncate(int64(size))
	io.Copy(w, file)
}
