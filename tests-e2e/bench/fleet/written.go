package main

import (
	"encoding/json"
	"log"
	"net/http"
	"sync"
)

// written counts how often each policy was written, as a watch of all policies sees it.
type written struct {
	lock   sync.Mutex
	counts map[string]int
}

// watchPolicies returns once the watch begins with what is written from now on.
func (a *api) watchPolicies() *written {
	list := a.get("/apis/spandrel.dev/v1alpha1/tracepolicies?limit=1")
	version := list["metadata"].(object)["resourceVersion"].(string)
	request, err := http.NewRequest("GET", a.server+"/apis/spandrel.dev/v1alpha1/tracepolicies?watch=1&timeoutSeconds=3600&resourceVersion="+version, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	response, err := (&http.Client{Transport: a.client.Transport}).Do(request) // without the time limit
	if err != nil || response.StatusCode != http.StatusOK {
		log.Fatal("watch: ", err, response)
	}
	w := &written{counts: map[string]int{}}
	go w.read(json.NewDecoder(response.Body))
	return w
}

func (w *written) read(events *json.Decoder) {
	for {
		var event struct {
			Type   string
			Object struct{ Metadata struct{ Name string } }
		}
		if err := events.Decode(&event); err != nil {
			log.Printf("the watch of policies has ended, and what is written is not counted any more: %v", err)
			return
		}
		w.lock.Lock()
		w.counts[event.Object.Metadata.Name]++
		w.lock.Unlock()
	}
}

func (w *written) of(name string) int {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.counts[name]
}
