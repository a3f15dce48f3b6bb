// The real server as a library, and nats.go. usage: nats server PORT | nats client PORT
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// Each line that it reads or writes is one of its log: the oracle.
func serve(port string) {
	options := &server.Options{
		Host: "127.0.0.1", Port: must(strconv.Atoi(port)), Trace: true, TraceVerbose: false, Logtime: false, NoSigs: true, MaxPayload: 2 << 20,
		Users: []*server.User{
			{Username: "all", Password: "s3cr3t"},
			{Username: "few", Password: "s3cr3t", Permissions: &server.Permissions{Publish: &server.SubjectPermission{Deny: []string{"forbidden"}}}},
		},
		NoAuthUser: "all",
	}
	running := must(server.NewServer(options))
	running.ConfigureLogger()
	running.Start()
	running.WaitForShutdown()
}

func client(port string) {
	name := "go"
	connection := must(nats.Connect("nats://127.0.0.1:" + port))
	must(0, connection.Flush())
	if os.Getenv("MIDWAY") != "" {
		name = "midway"
		fmt.Println("connected")
		fmt.Scanln()
	}
	var received sync.WaitGroup
	subject := name + ".things"
	must(connection.Subscribe(subject, func(*nats.Msg) { received.Done() }))
	must(connection.Subscribe(name+".questions", func(message *nats.Msg) { must(0, message.Respond([]byte("s3cr3t"))) }))
	must(0, connection.Flush())
	for i := 0; i < 200; i++ {
		received.Add(1)
		message := nats.NewMsg(subject)
		message.Data = []byte("s3cr3t")
		message.Header.Set("traceparent", fmt.Sprintf("00-%032x-%016x-01", 0xabc0+i, 0xdef0+i))
		message.Header.Set("authorization", "s3cr3t")
		must(0, connection.PublishMsg(message))
	}
	received.Wait()
	for i := 0; i < 30; i++ {
		must(connection.Request(name+".questions", []byte("s3cr3t"), 5*time.Second))
	}
	received.Add(1)
	must(0, connection.Publish(subject, make([]byte, 1<<20)))
	received.Wait()
	connection.Close()

	few := must(nats.Connect("nats://127.0.0.1:"+port, nats.UserInfo("few", "s3cr3t"), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})))
	must(0, few.Publish("forbidden", []byte("s3cr3t")))
	must(0, few.Flush())
	few.Close()
}

func main() {
	if os.Args[1] == "server" {
		serve(os.Args[2])
	} else {
		client(os.Args[2])
	}
}
