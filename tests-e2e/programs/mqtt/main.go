// Eclipse Paho by version 3.1.1. usage: mqtt PORT
package main

import (
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

func await(token mqtt.Token) {
	if !token.WaitTimeout(20*time.Second) || token.Error() != nil {
		log.Fatal("not in time, or not at all: ", token.Error())
	}
}

func main() {
	name := "go"
	if os.Getenv("MIDWAY") != "" {
		name = "midway-go"
	}
	var received sync.WaitGroup
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://127.0.0.1:" + os.Args[1]).SetClientID(name).SetProtocolVersion(4).SetOrderMatters(false))
	await(client.Connect())
	if name != "go" {
		fmt.Println("connected")
		fmt.Scanln()
	}
	await(client.Subscribe(name+"/things", 1, func(mqtt.Client, mqtt.Message) { received.Done() }))
	for i := 0; i < 150; i++ {
		received.Add(1)
		await(client.Publish(name+"/things", byte(i%3), false, "s3cr3t"))
	}
	var tokens []mqtt.Token
	for i := 0; i < 40; i++ {
		received.Add(1)
		tokens = append(tokens, client.Publish(name+"/things", 1, false, "s3cr3t"))
	}
	for _, token := range tokens {
		await(token)
	}
	received.Wait()
	client.Disconnect(500)
}
