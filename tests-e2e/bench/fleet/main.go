// Command fleet measures an operator under a fleet of simulated agents: it fills a real API server with nodes, pods and policies, runs the real operator, connects an agent per node by TLS and a real
// token, and prints what it saw as JSON.
package main

import (
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"
)

var (
	server   = flag.String("server", "", "of the API server, https://HOST:PORT")
	token    = flag.String("token", "", "of an administrator")
	ca       = flag.String("ca", "", "file")
	etcd     = flag.String("etcd", "", "of the API server, http://HOST:PORT")
	dev      = flag.String("dev", "./dev", "starts the operator")
	logFile  = flag.String("log", "operator.log", "of the operator")
	nodes    = flag.Int("nodes", 1000, "")
	pods     = flag.Int("pods", 20000, "")
	policies = flag.Int("policies", 500, "")
	changes  = flag.Int("changes", 20, "of the wide policy, and twice as many of the narrow one")
	churn    = flag.Int("churn", 200, "pod changes per second")
	seconds  = flag.Int("seconds", 20, "of churn")
	made     = flag.Bool("made", false, "the fleet is there already")
)

func main() {
	flag.Parse()
	client := newAPI(*server, *token, *ca)
	f := &fleet{client, seed{*etcd}, *nodes, *pods, *policies}
	if !*made {
		f.populate()
	}
	go f.beat()
	file, err := os.OpenFile(*logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	statuses := client.watchPolicies()
	address, http := freePort(), freePort()
	o := &operator{log: file, http: http, command: []string{*dev, "operator", "--listen", address, "--secure", "--inspect", freePort(), "--http", http}}
	figures := map[string]any{"nodes": *nodes, "pods": *pods, "policies": *policies + 2}
	figures["ready s"] = o.start().Seconds()
	defer o.stop()
	figures["rss without agents MiB"] = o.memory("VmRSS")
	a := connect(f, address)
	measure(f, o, a, statuses, figures)
	encoded, _ := json.MarshalIndent(figures, "", "  ")
	fmt.Println(string(encoded))
	a.ended.Store(true)
}

func connect(f *fleet, address string) *agents {
	bundle := f.api.get("/api/v1/namespaces/" + operators + "/configmaps/spandrel-ca")["data"].(object)["ca.crt"].(string)
	a := &agents{address: address, trust: x509.NewCertPool(), all: make([]*agent, f.nodes)}
	a.trust.AppendCertsFromPEM([]byte(bundle))
	each(f.nodes, 16, func(i int) { a.all[i] = &agent{node: node(i), token: f.token(i), fleet: a} })
	log.Printf("%d tokens", f.nodes)
	return a
}

func measure(f *fleet, o *operator, a *agents, statuses *written, figures map[string]any) {
	begin, before := time.Now(), spentBy(o)
	for _, one := range a.all {
		go one.run()
	}
	figures["first connect s"] = until(o, begin, "current", f.nodes)
	figures["first connect cpu s"] = spentBy(o).since(before)
	log.Printf("all connected after %.1f s", time.Since(begin).Seconds())
	settle(f.api)

	figures["wide"] = changing(f, o, a, statuses, "wide", f.nodes, *changes)
	figures["narrow"] = changing(f, o, a, statuses, "narrow", min(narrowPods, f.nodes), 2**changes)
	figures["churn"] = churning(f, o, a)
	settle(f.api)
	figures["rss MiB"] = o.memory("VmRSS")
	figures["rss most MiB"] = o.memory("VmHWM")

	begin, before = time.Now(), spentBy(o)
	for _, one := range a.all {
		go one.drop()
	}
	for o.nodes("connected") > f.nodes/2 && time.Since(begin) < 5*time.Second {
		time.Sleep(10 * time.Millisecond)
	}
	figures["reconnect s"] = until(o, begin, "current", f.nodes)
	figures["reconnect cpu s"] = spentBy(o).since(before)
	log.Printf("reconnected: %v s", figures["reconnect s"])
	figures["rss after reconnect MiB"] = o.memory("VmRSS")

	o.stop()
	begin = time.Now()
	figures["restart ready s"] = o.start().Seconds()
	figures["restart s"] = until(o, begin, "current", f.nodes)
	log.Printf("restarted: %v s", figures["restart s"])
	settle(f.api)
	last := a.expect(f.nodes)
	f.change("wide", 1_000_000)
	_, figures["converged after restart"] = last.last(time.Minute)
}

func until(o *operator, begin time.Time, state string, count int) any {
	took, ok := o.await(begin, state, count, 3*time.Minute)
	if !ok {
		return fmt.Sprintf("only %d of %d after %.0f s", o.nodes(state), count, took.Seconds())
	}
	return took.Seconds()
}

// settle returns once nothing was written for a second.
func settle(client *api) {
	for before, quiet := client.writes(), 0; quiet < 2; quiet++ {
		time.Sleep(500 * time.Millisecond)
		if now := client.writes(); now != before {
			before, quiet = now, 0
		}
	}
}

// changing measures from before the request until the last of the nodes acknowledged.
func changing(f *fleet, o *operator, a *agents, statuses *written, name string, touched, times int) object {
	var took []time.Duration
	missed := 0
	settle(f.api)
	writes, own, all, cpu, bytes := f.api.writes(), statuses.of(name), statuses.all(), o.cpu(), a.received.Load()
	for i := range times {
		w := a.expect(touched)
		f.change(name, 10+i)
		if last, ok := w.last(time.Minute); ok {
			took = append(took, last)
		} else {
			missed++
		}
		time.Sleep(300 * time.Millisecond) // the status follows
	}
	settle(f.api)
	slices.Sort(took)
	log.Printf("%s: %v", name, took)
	return object{"touched": touched, "times": times, "missed": missed, "p50 ms": at(took, 0.5), "p99 ms": at(took, 0.99), "cpu ms": (o.cpu() - cpu).Seconds() * 1000 / float64(times),
		"bytes": (a.received.Load() - bytes) / int64(times), "writes": float64(f.api.writes()-writes) / float64(times),
		"own writes": float64(statuses.of(name)-own)/float64(times) - 1, "status writes": float64(statuses.all()-all)/float64(times) - 1} // without the change itself
}

func at(sorted []time.Duration, share float64) float64 {
	if len(sorted) == 0 {
		return -1
	}
	return sorted[int(share*float64(len(sorted)-1)+0.5)].Seconds() * 1000
}

// churning has pods go and come, each of which is a change, at a fixed rate or as fast as the API server takes it.
func churning(f *fleet, o *operator, a *agents) object {
	writes, cpu, bytes, pushes, begin := f.api.writes(), o.cpu(), a.received.Load(), a.pushes.Load(), time.Now()
	rounds := *churn * *seconds / 4
	gap := 4 * time.Second / time.Duration(*churn)
	each(rounds, 32, func(i int) {
		if wait := time.Until(begin.Add(gap * time.Duration(i))); wait > 0 {
			time.Sleep(wait)
		}
		pod := f.nodes + i*37%(f.pods-f.nodes)
		f.stop(pod, 0)
		f.start(pod, 1+i)
		f.stop(pod, 1+i)
		f.start(pod, 0)
	})
	took := time.Since(begin)
	settle(f.api)
	n := float64(rounds) * 4
	return object{"changes": n, "per second": n / took.Seconds(), "cpu ms": (o.cpu() - cpu).Seconds() * 1000 / n, "bytes": float64(a.received.Load()-bytes) / n,
		"pushes": float64(a.pushes.Load()-pushes) / n, "writes": float64(f.api.writes()-writes) / n, "operator": strings.TrimSpace(fmt.Sprintf("%.0f %% of a core", (o.cpu()-cpu).Seconds()/time.Since(begin).Seconds()*100))}
}
