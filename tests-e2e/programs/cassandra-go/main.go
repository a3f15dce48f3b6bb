// gocql. usage: cassandra-go PORT KEYSPACE VERSION. With MIDWAY in the environment it says "connected" when it has prepared its statements, and goes on when a line comes in.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"
	"sync"

	gocql "github.com/apache/cassandra-gocql-driver/v2"
)

const secret = "s3cr3t"

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func done(err error) { must(0, err) }

func session(keyspace string) *gocql.Session {
	cluster := gocql.NewCluster("127.0.0.1")
	cluster.Port = must(strconv.Atoi(os.Args[1]))
	cluster.ProtoVersion = must(strconv.Atoi(os.Args[3]))
	cluster.Keyspace = keyspace
	cluster.NumConns = 2
	return must(cluster.CreateSession())
}

func main() {
	keyspace := os.Args[2]
	first := session("")
	done(first.Query("CREATE KEYSPACE " + keyspace + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}").Exec())
	first.Close()
	s := session(keyspace)
	defer s.Close()
	done(s.Query("CREATE TABLE things (id int PRIMARY KEY, name text)").Exec())
	insert := func(i int) error { return s.Query("INSERT INTO things (id, name) VALUES (?, ?)", i, secret).Exec() }
	for i := range 8 {
		done(insert(i))
	}
	if os.Getenv("MIDWAY") != "" {
		fmt.Println("connected")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 40 {
				done(insert(worker*100 + i))
				var name string
				done(s.Query("SELECT name FROM things WHERE id = ?", worker*100+i).Scan(&name))
				if name != secret {
					log.Fatal(name)
				}
			}
		})
	}
	all.Wait()
	batch := s.Batch(gocql.LoggedBatch)
	for i := range 5 {
		batch = batch.Query("INSERT INTO things (id, name) VALUES (?, ?)", 1000+i, secret)
	}
	done(batch.Exec())
	if s.Query("SELECT * FROM nothing").Exec() == nil {
		log.Fatal("it did not fail")
	}
}
