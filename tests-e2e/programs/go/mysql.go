package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"

	_ "github.com/go-sql-driver/mysql"
)

// Statements with values are prepared on the server, executed by id and closed.
func mysql(port string) {
	database, err := sql.Open("mysql", "root@tcp(127.0.0.1:"+port+")/shop?tls=false")
	if err != nil {
		log.Fatal(err)
	}
	defer database.Close()
	database.SetMaxOpenConns(1)
	must := func(_ any, err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	if os.Getenv("MIDWAY") != "" {
		must(database.Exec("create table midway_go (id int primary key, name text)"))
		early, err := database.Prepare("select id from midway_go where id < ?")
		must(nil, err)
		fmt.Println("connected")
		fmt.Scanln()
		for i := 0; i < 10; i++ {
			must(database.Exec("insert into midway_go values (?, 's3cr3t')", i))
			rows, err := early.Query(i)
			must(nil, err)
			for rows.Next() {
			}
			must(nil, rows.Close())
		}
		return
	}
	must(database.Exec("create table go (id int primary key, name text)"))
	insert, err := database.Prepare("insert into go values (?, ?)")
	must(nil, err)
	read, err := database.Prepare("select id, name from go where id < ?")
	must(nil, err)
	for i := 0; i < 50; i++ {
		must(insert.Exec(i, "s3cr3t"))
		rows, err := read.Query(i)
		must(nil, err)
		for rows.Next() {
		}
		must(nil, rows.Close())
	}
	if _, err = insert.Exec(1, "s3cr3t"); err == nil {
		log.Fatal("a second row with this key")
	}
	if _, err = database.Prepare("select nothing from nowhere"); err == nil {
		log.Fatal("there is no such table")
	}
	must(database.Exec("delete from go where id = ?", 3))
	must(nil, database.Ping())
}
