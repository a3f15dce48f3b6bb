package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"sync"
)

// written counts how often each policy was written, as a watch of all policies sees it.
type written struct {
	api     *api
	version string // that the watch has come to
	lock    sync.Mutex
	counts  map[string]int
}

// watchPolicies counts what is written from now on.
func (a *api) watchPolicies() *written {
	list := a.get("/apis/spandrel.dev/v1alpha1/tracepolicies?limit=1")
	w := &written{api: a, version: list["metadata"].(object)["resourceVersion"].(string), counts: map[string]int{}}
	events := w.watch()
	go func() {
		for {
			w.read(json.NewDecoder(events))
			events.Close()
			events = w.watch() // an API server ends watches now and then
		}
	}()
	return w
}

func (w *written) watch() io.ReadCloser {
	request, err := http.NewRequest("GET", w.api.server+"/apis/spandrel.dev/v1alpha1/tracepolicies?watch=1&allowWatchBookmarks=true&timeoutSeconds=3600&resourceVersion="+w.version, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+w.api.token)
	response, err := (&http.Client{Transport: w.api.client.Transport}).Do(request) // without the time limit
	if err != nil || response.StatusCode != http.StatusOK {
		log.Fatal("watch: ", err, response)
	}
	return response.Body
}

func (w *written) read(events *json.Decoder) {
	for {
		var event struct {
			Type   string
			Object struct {
				Metadata struct{ Name, ResourceVersion string }
			}
		}
		if events.Decode(&event) != nil {
			return
		}
		if event.Type == "ERROR" {
			log.Fatal("the watch of policies is behind: what was written cannot be counted")
		}
		w.version = event.Object.Metadata.ResourceVersion
		if event.Type != "BOOKMARK" {
			w.lock.Lock()
			w.counts[event.Object.Metadata.Name]++
			w.lock.Unlock()
		}
	}
}

func (w *written) of(name string) int {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.counts[name]
}

// all is how often policies were written, whichever.
func (w *written) all() int {
	w.lock.Lock()
	defer w.lock.Unlock()
	sum := 0
	for _, count := range w.counts {
		sum += count
	}
	return sum
}
