package main

import (
	"fmt"
	"log"
	"time"
)

const (
	operators  = "spandrel-system"
	perspace   = 1000 // pods of a Kubernetes namespace
	apps       = 20   // of a namespace
	narrowPods = 10
)

// fleet is what the cluster has: nodes, pods that run on them in turn, and policies for them.
type fleet struct {
	api                   *api
	seed                  seed
	nodes, pods, policies int
}

func (f *fleet) namespaces() int          { return (f.pods + perspace - 1) / perspace }
func (f *fleet) namespace(pod int) string { return fmt.Sprintf("fleet-%d", pod/perspace) }
func node(i int) string                   { return fmt.Sprintf("node-%d", i) }

// populate makes all of it: one of a kind by the API server, the others like it in its store. Nobody ends nodes or pods, for there are no
// controllers here.
func (f *fleet) populate() {
	begin := time.Now()
	for i := range f.namespaces() {
		f.api.create("/api/v1/namespaces", object{"metadata": object{"name": fmt.Sprintf("fleet-%d", i)}})
	}
	first := f.api.create("/api/v1/nodes", f.node(0))
	f.seed.put(f.nodes-1, func(i int) (string, object) {
		return "minions/" + node(i+1), like(first, node(i+1), "", object{"kubernetes.io/hostname": node(i + 1)})
	})
	agent := f.api.create("/api/v1/namespaces/"+operators+"/pods", object{
		"metadata": object{"name": "agent-" + node(0), "labels": object{"app.kubernetes.io/name": "spandrel-agent"}},
		"spec":     object{"nodeName": node(0), "serviceAccountName": "spandrel-agent", "containers": []object{{"name": "agent", "image": "agent"}}},
	})
	f.seed.put(f.nodes-1, func(i int) (string, object) {
		name := "agent-" + node(i+1)
		return "pods/" + operators + "/" + name, on(like(agent, name, "", agent["metadata"].(object)["labels"].(object)), node(i+1))
	})
	f.start(0, 0)
	pod := f.api.get("/api/v1/namespaces/" + f.namespace(0) + "/pods/" + podName(0, 0))
	f.seed.put(f.pods-1, func(i int) (string, object) {
		name, space := podName(i+1, 0), f.namespace(i+1)
		return "pods/" + space + "/" + name, on(like(pod, name, space, f.labels(i+1)), node((i+1)%f.nodes))
	})
	log.Printf("%d nodes, %d pods after %.0f s", f.nodes, f.pods, time.Since(begin).Seconds())
	each(f.policies, 8, f.policy)
	f.applied("wide", "wide", 1)
	f.applied("narrow", "narrow", 1)
	log.Printf("%d policies after %.0f s", f.policies+2, time.Since(begin).Seconds())
}

func (f *fleet) node(i int) object {
	return object{
		"metadata": object{"name": node(i), "labels": object{"kubernetes.io/hostname": node(i)}},
		"status": object{"conditions": []object{{"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "",
			"lastHeartbeatTime": time.Now().UTC().Format(time.RFC3339), "lastTransitionTime": time.Now().UTC().Format(time.RFC3339)}}},
	}
}

func podName(i, generation int) string {
	return fmt.Sprintf("app-%d-6d5f8c7b9-%d-%d", i%apps, i, generation)
}

// labels of a pod. The first of each node is what the wide policy selects, and the second of some nodes what the narrow one does.
func (f *fleet) labels(i int) object {
	labels := object{"app": fmt.Sprintf("app-%d", i%apps), "pod-template-hash": "6d5f8c7b9", "app.kubernetes.io/version": "1.0"}
	if i < f.nodes {
		labels["wide"] = "yes"
	}
	if i >= f.nodes && i < f.nodes+narrowPods {
		labels["narrow"] = "yes"
	}
	return labels
}

// make makes a pod that a scheduler has put on a node.
func (f *fleet) make(i, generation int) {
	app := fmt.Sprintf("app-%d", i%apps)
	f.api.create("/api/v1/namespaces/"+f.namespace(i)+"/pods", object{
		"metadata": object{"name": podName(i, generation), "labels": f.labels(i), "ownerReferences": []object{{"apiVersion": "apps/v1", "kind": "ReplicaSet",
			"name": app + "-6d5f8c7b9", "uid": "3153e228-09ad-4a6d-ba36-09aa17ded56e", "controller": true}}},
		"spec": object{"nodeName": node(i % f.nodes), "containers": []object{{"name": "main", "image": "registry.example/" + app + ":1.0"}}},
	})
}

// start makes a pod, and then says of it what a kubelet does once it runs.
func (f *fleet) start(i, generation int) {
	f.make(i, generation)
	f.api.patch("/api/v1/namespaces/"+f.namespace(i)+"/pods/"+podName(i, generation)+"/status", object{"status": object{"phase": "Running", "containerStatuses": []object{{"name": "main", "ready": true, "restartCount": 0, "image": "x", "imageID": "x",
		"containerID": containerID(), "state": object{"running": object{"startedAt": time.Now().UTC().Format(time.RFC3339)}}}}}})
}

func (f *fleet) stop(i, generation int) {
	f.api.remove("/api/v1/namespaces/" + f.namespace(i) + "/pods/" + podName(i, generation))
}

// policy makes one of many: of a namespace's, one is for all of it and the others for one application each.
func (f *fleet) policy(i int) {
	space, ordinal := i%f.namespaces(), i/f.namespaces()
	spec := object{"sampling": object{"percent": 10 + i%50}}
	if ordinal > 0 {
		spec["podSelector"] = object{"matchLabels": object{"app": fmt.Sprintf("app-%d", ordinal%apps)}}
	}
	f.api.create(fmt.Sprintf("/apis/spandrel.dev/v1alpha1/namespaces/fleet-%d/tracepolicies", space), object{
		"apiVersion": "spandrel.dev/v1alpha1", "kind": "TracePolicy", "metadata": object{"name": fmt.Sprintf("policy-%d", i)}, "spec": spec})
}

const policyPath = "/apis/spandrel.dev/v1alpha1/namespaces/" + operators + "/tracepolicies"

func (f *fleet) applied(name, label string, limit int) {
	f.api.create(policyPath, object{"apiVersion": "spandrel.dev/v1alpha1", "kind": "TracePolicy", "metadata": object{"name": name},
		"spec": object{"podSelector": object{"matchLabels": object{label: "yes"}}, "sampling": object{"maxSpansPerSecond": limit}}})
}

// change has a policy say something else.
func (f *fleet) change(name string, limit int) {
	f.api.patch(policyPath+"/"+name, object{"spec": object{"sampling": object{"maxSpansPerSecond": limit}}})
}

// token is one that the API server gives to the agent's pod of a node.
func (f *fleet) token(i int) string {
	pod := f.api.get("/api/v1/namespaces/" + operators + "/pods/agent-" + node(i))
	given := f.api.create("/api/v1/namespaces/"+operators+"/serviceaccounts/spandrel-agent/token", object{"spec": object{
		"audiences": []string{"spandrel-operator"}, "expirationSeconds": 7200,
		"boundObjectRef": object{"kind": "Pod", "apiVersion": "v1", "name": "agent-" + node(i), "uid": pod["metadata"].(object)["uid"]}}})
	return given["status"].(object)["token"].(string)
}
