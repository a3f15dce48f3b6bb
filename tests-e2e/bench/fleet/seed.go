package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net/http"
)

// seed puts objects into etcd as the API server stored them: a hundred thousand pods are there within seconds, where the API server would take many minutes to admit each one. They are copies of one
// that it did admit, so they have the same size, defaults and managed fields; it reads and serves them as any other.
type seed struct{ etcd string }

const atOnce = 100 // etcd's limit is 128

// put stores n objects; of gives the key below /registry, and the object.
func (s seed) put(n int, of func(int) (string, object)) {
	each((n+atOnce-1)/atOnce, 8, func(batch int) {
		var puts []object
		for i := batch * atOnce; i < min(n, (batch+1)*atOnce); i++ {
			key, value := of(i)
			encoded, err := json.Marshal(value)
			if err != nil {
				log.Fatal(err)
			}
			puts = append(puts, object{"requestPut": object{"key": []byte("/registry/" + key), "value": encoded}})
		}
		body, err := json.Marshal(object{"success": puts})
		if err != nil {
			log.Fatal(err)
		}
		response, err := http.Post(s.etcd+"/v3/kv/txn", "application/json", bytes.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		defer response.Body.Close()
		if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
			log.Fatalf("etcd: %d %s", response.StatusCode, answer)
		}
	})
}

// like is a copy of what the API server answered, with another identity.
func like(template object, name, namespace string, labels object) object {
	stored := maps.Clone(template)
	metadata := maps.Clone(template["metadata"].(object))
	metadata["name"] = name
	metadata["uid"] = uid()
	metadata["labels"] = labels
	if namespace != "" {
		metadata["namespace"] = namespace
	}
	delete(metadata, "resourceVersion") // of a stored object, it is etcd's own
	stored["metadata"] = metadata
	return stored
}

func uid() string {
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", rand.Uint32(), rand.N(1<<16), rand.N(1<<12), rand.N(1<<12), rand.N(int64(1)<<48))
}

// on places a copy of a pod on a node, with containers that run there if the template's do.
func on(pod object, node string) object {
	spec := maps.Clone(pod["spec"].(object))
	spec["nodeName"] = node
	pod["spec"] = spec
	status := maps.Clone(pod["status"].(object))
	if running, has := status["containerStatuses"].([]any); has {
		container := maps.Clone(running[0].(object))
		container["containerID"] = containerID()
		status["containerStatuses"] = []object{container}
	}
	pod["status"] = status
	return pod
}

func containerID() string {
	return fmt.Sprintf("containerd://%016x%016x%016x%016x", rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64())
}
