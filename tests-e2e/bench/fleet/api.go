package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// object is what the API server is sent and answers.
type object = map[string]any

// api is the API server, by plain HTTP: objects in, objects out.
type api struct {
	server, token string
	client        *http.Client
}

func newAPI(server, token, ca string) *api {
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(ca)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		log.Fatalf("no certificate in %s: %v", ca, err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 64, ForceAttemptHTTP2: true}
	return &api{server, token, &http.Client{Transport: transport, Timeout: time.Minute}}
}

// do returns the status and what was answered.
func (a *api) do(method, path, kind string, body any) (int, []byte) {
	encoded, err := json.Marshal(body)
	if err != nil {
		log.Fatal(err)
	}
	for attempt := 0; ; attempt++ {
		request, err := http.NewRequest(method, a.server+path, bytes.NewReader(encoded))
		if err != nil {
			log.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+a.token)
		request.Header.Set("Content-Type", kind)
		response, err := a.client.Do(request)
		if err == nil {
			answer, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode != http.StatusTooManyRequests && response.StatusCode < 500 {
				return response.StatusCode, answer
			}
			err = fmt.Errorf("%d %s", response.StatusCode, answer)
		}
		if attempt == 8 {
			log.Fatalf("%s %s: %v", method, path, err)
		}
		time.Sleep(time.Duration(attempt+1) * 200 * time.Millisecond)
	}
}

// create makes an object; one that is there already stays.
func (a *api) create(path string, body object) object {
	code, answer := a.do("POST", path, "application/json", body)
	if code >= 300 && code != http.StatusConflict {
		log.Fatalf("POST %s: %d %s", path, code, answer)
	}
	return decoded(answer)
}

func (a *api) patch(path string, body object) {
	if code, answer := a.do("PATCH", path, "application/merge-patch+json", body); code >= 300 {
		log.Fatalf("PATCH %s: %d %s", path, code, answer)
	}
}

func (a *api) get(path string) object {
	code, answer := a.do("GET", path, "application/json", nil)
	if code >= 300 {
		log.Fatalf("GET %s: %d %s", path, code, answer)
	}
	return decoded(answer)
}

func (a *api) remove(path string) {
	a.do("DELETE", path, "application/json", object{"gracePeriodSeconds": 0})
}

func decoded(answer []byte) object {
	var made object
	if err := json.Unmarshal(answer, &made); err != nil {
		log.Fatalf("%s: %v", answer, err)
	}
	return made
}

// writes is how many statuses and Events of policies the API server was asked to write so far.
func (a *api) writes() int {
	_, answer := a.do("GET", "/metrics", "text/plain", nil)
	sum := 0.0
	for line := range strings.Lines(string(answer)) {
		status := strings.Contains(line, `resource="tracepolicies"`) && strings.Contains(line, `subresource="status"`)
		event := strings.Contains(line, `group="events.k8s.io"`) && strings.Contains(line, `verb="POST"`)
		if strings.HasPrefix(line, "apiserver_request_total{") && (status || event) {
			value, _ := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(line, ' '):]), 64)
			sum += value
		}
	}
	return int(sum)
}

// each calls f for 0 to n-1, by several at once.
func each(n, workers int, f func(int)) {
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}
