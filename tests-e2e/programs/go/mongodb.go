package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The driver says what it was answered: COMMAND DATABASE COLLECTION CODE, and - for what there is none of.
func mongodb(port, name string) {
	if err := command(context.Background(), port, name); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func monitor() *event.CommandMonitor {
	var lock sync.Mutex
	collections := map[int64]string{}
	answered := func(e event.CommandFinishedEvent, code any) {
		lock.Lock()
		defer lock.Unlock()
		fmt.Println(e.CommandName, e.DatabaseName, collections[e.RequestID], code)
	}
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			element := e.CommandName
			if element == "getMore" {
				element = "collection"
			}
			collection, ok := e.Command.Lookup(element).StringValueOK()
			if !ok {
				collection = "-"
			}
			lock.Lock()
			defer lock.Unlock()
			collections[e.RequestID] = collection
		},
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) {
			if code, ok := e.Reply.Lookup("writeErrors", "0", "code").Int32OK(); ok {
				answered(e.CommandFinishedEvent, code)
			} else {
				answered(e.CommandFinishedEvent, "-")
			}
		},
		Failed: func(_ context.Context, e *event.CommandFailedEvent) {
			if refused, ok := e.Failure.(mongo.CommandError); ok {
				answered(e.CommandFinishedEvent, refused.Code)
			} else {
				answered(e.CommandFinishedEvent, e.Failure)
			}
		},
	}
}

func command(ctx context.Context, port, name string) error {
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://127.0.0.1:" + port).SetMonitor(monitor()).SetTimeout(20 * time.Second))
	if err != nil {
		return err
	}
	defer client.Disconnect(ctx)
	if err := client.Ping(ctx, nil); err != nil {
		return err
	}
	fmt.Println("connected")
	bufio.NewReader(os.Stdin).ReadString('\n')
	collection := client.Database(name).Collection("go")
	many := []any{}
	for i := 0; i < 500; i++ {
		many = append(many, bson.D{{Key: "_id", Value: i}, {Key: "name", Value: "s3cr3t"}})
	}
	if _, err := collection.InsertMany(ctx, many); err != nil {
		return err
	}
	if _, err := collection.InsertOne(ctx, many[0]); !mongo.IsDuplicateKeyError(err) {
		return fmt.Errorf("a key was there twice: %w", err)
	}
	cursor, err := collection.Find(ctx, bson.D{{Key: "name", Value: "s3cr3t"}}, options.Find().SetBatchSize(40))
	if err != nil {
		return err
	}
	if err := cursor.All(ctx, &many); err != nil {
		return err
	}
	var wait sync.WaitGroup
	for worker := 0; worker < 4; worker++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := 0; i < 25; i++ {
				collection.UpdateOne(ctx, bson.D{{Key: "_id", Value: worker*25 + i}}, bson.D{{Key: "$set", Value: bson.D{{Key: "name", Value: "s3cr3t"}}}})
				collection.FindOne(ctx, bson.D{{Key: "_id", Value: i}})
			}
		}()
	}
	wait.Wait()
	_, err = collection.DeleteMany(ctx, bson.D{{Key: "name", Value: "s3cr3t"}})
	return err
}
