package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/redis/go-redis/v9"
)

// Many goroutines share few connections; the library greets with HELLO and sets its name.
func redisClient(port string) {
	ctx := context.Background()
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port, PoolSize: 3})
	defer client.Close()
	if os.Getenv("MIDWAY") != "" {
		client.Ping(ctx)
		fmt.Println("connected")
		fmt.Scanln()
	}
	done := make(chan error)
	for worker := 0; worker < 8; worker++ {
		go func() {
			var err error
			for i := 0; i < 50 && err == nil; i++ {
				err = client.HSet(ctx, "go", "field", "s3cr3t").Err()
				if err == nil {
					err = client.HGetAll(ctx, "go").Err()
				}
			}
			done <- err
		}()
	}
	for worker := 0; worker < 8; worker++ {
		if err := <-done; err != nil {
			log.Fatal(err)
		}
	}
	if client.LPush(ctx, "go", "s3cr3t").Err() == nil {
		log.Fatal("a hash is no list")
	}
}
