// gomemcache. usage: memcached PORT
package main

import (
	"fmt"
	"log"
	"os"
	"sync"

	"github.com/bradfitz/gomemcache/memcache"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Many goroutines share few connections.
func main() {
	client := memcache.New("127.0.0.1:" + os.Args[1])
	client.MaxIdleConns = 3
	must(client.Ping())
	if os.Getenv("MIDWAY") != "" {
		fmt.Println("connected")
		fmt.Scanln()
	}
	var workers sync.WaitGroup
	for worker := 0; worker < 6; worker++ {
		workers.Go(func() {
			for i := 0; i < 40; i++ {
				key := fmt.Sprintf("go:%d:%d", worker, i)
				must(client.Set(&memcache.Item{Key: key, Value: []byte("s3cr3t")}))
				items, err := client.GetMulti([]string{key, "missing", key + "more"})
				must(err)
				if len(items) != 1 {
					log.Fatal(items)
				}
				must(client.Delete(key))
			}
		})
	}
	workers.Wait()
	if _, err := client.Get("missing"); err != memcache.ErrCacheMiss {
		log.Fatal(err)
	}
	must(client.Close())
}
