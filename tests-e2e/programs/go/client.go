package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

var client = http.Client{Transport: &http.Transport{
	MaxIdleConnsPerHost:   4,
	ExpectContinueTimeout: 5 * time.Second,
	TLSClientConfig:       &tls.Config{InsecureSkipVerify: true},
}}

var scheme = "http"

func init() {
	if os.Getenv("TLS") != "" {
		scheme = "https"
	}
}

func ask(plan io.Reader) {
	lines := make(chan string)
	var workers sync.WaitGroup
	for i := 0; i < 4; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for line := range lines {
				one(line)
			}
		}()
	}
	for in := bufio.NewScanner(plan); in.Scan(); {
		lines <- in.Text()
	}
	close(lines)
	workers.Wait()
}

func one(line string) {
	var method, path, kind string
	var port, size int
	fmt.Sscan(line, &method, &port, &path, &kind, &size)
	var body io.Reader
	if kind != "-" {
		body = bytes.NewReader(bytes.Repeat([]byte("x"), size))
	}
	if kind == "chunked" {
		body = io.MultiReader(body) // hides the length
	}
	request, err := http.NewRequest(method, fmt.Sprintf("%s://127.0.0.1:%d%s", scheme, port, path), body)
	if err == nil && kind == "expect" {
		request.Header.Set("Expect", "100-continue")
	}
	var response *http.Response
	if err == nil {
		response, err = client.Do(request)
	}
	if err != nil {
		panic(fmt.Sprint(strings.TrimSpace(line), ": ", err))
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	fmt.Println(method, path, response.StatusCode)
}
