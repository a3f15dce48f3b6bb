// RabbitMQ's client. usage: amqp PORT NAME: what it did is a line: OPERATION DESTINATION BYTES ERROR, as far as there is one of each.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"sync"

	amqp "github.com/rabbitmq/amqp091-go"
)

var lock sync.Mutex

func say(words ...any) {
	lock.Lock()
	defer lock.Unlock()
	fmt.Println(words...)
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func work(connection *amqp.Connection, queue string) {
	channel := must(connection.Channel())
	say("channel.open")
	must(channel.QueueDeclare(queue, false, true, false, false, nil))
	say("queue.declare", queue)
	deliveries := must(channel.Consume(queue, "", false, false, false, false, nil))
	say("consume", queue)
	for i := 0; i < 50; i++ {
		message := amqp.Publishing{Body: make([]byte, i*100), Headers: amqp.Table{"traceparent": fmt.Sprintf("00-%032x-%016x-01", 0xabc0+i, 0xdef0+i)}}
		must(0, channel.PublishWithContext(context.Background(), "", queue, false, false, message))
		say("publish", queue, i*100)
	}
	for i := 0; i < 50; i++ {
		delivery := <-deliveries
		say("deliver", queue, len(delivery.Body))
		must(0, delivery.Ack(false))
		say("ack")
	}
	must(0, channel.Close())
	say("channel.close")
}

func main() {
	name := os.Args[2]
	connection := must(amqp.Dial("amqp://guest:s3cr3t@127.0.0.1:" + os.Args[1]))
	if os.Getenv("MIDWAY") != "" {
		fmt.Println("connected")
		fmt.Scanln()
	} else {
		say("connection.open")
	}
	var workers sync.WaitGroup
	for worker := 0; worker < 4; worker++ {
		workers.Go(func() { work(connection, fmt.Sprint(name, ".", worker)) })
	}
	workers.Wait()
	channel := must(connection.Channel())
	say("channel.open")
	closed := channel.NotifyClose(make(chan *amqp.Error, 1))
	must(0, channel.PublishWithContext(context.Background(), "missing", "key", false, false, amqp.Publishing{Body: []byte("s3cr3t")}))
	say("publish", "missing:key", 6)
	if (<-closed).Code != amqp.NotFound {
		log.Fatal("there is such an exchange")
	}
	say("channel.close", "NOT_FOUND")
	must(0, connection.Close())
	say("connection.close")
}
