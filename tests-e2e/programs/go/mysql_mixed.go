package main

import (
	"context"
	"database/sql"
	"log"
	"math/rand"
	"strings"
)

// So many statements at random: as text, with values put in or prepared, several at once, large answers, and what fails, on connections that last or do not.
func mysqlMixed(port string, seed int64, count int) {
	chosen := rand.New(rand.NewSource(seed))
	target := "root@tcp(127.0.0.1:" + port + ")/shop?tls=false&multiStatements=true"
	run("root@tcp(127.0.0.1:"+port+")/?tls=false", "create database if not exists shop")
	run(target, "create table if not exists mixed (id int primary key, name longtext)")
	run(target, "replace into mixed values (1, 'one')")
	for done := 0; done < count; {
		way := target
		if chosen.Intn(2) == 0 {
			way += "&interpolateParams=true"
		}
		database, err := sql.Open("mysql", way)
		fatal(err)
		connection, err := database.Conn(context.Background())
		fatal(err)
		for range 3 + chosen.Intn(100) {
			statement(connection, chosen)
			done++
		}
		fatal(connection.Close())
		fatal(database.Close())
	}
}

func statement(connection *sql.Conn, chosen *rand.Rand) {
	ctx := context.Background()
	switch chosen.Intn(9) {
	case 0:
		_, err := connection.ExecContext(ctx, "replace into mixed values (?, ?)", chosen.Intn(1000), strings.Repeat("s3cr3t", 1+chosen.Intn(2)*800))
		fatal(err)
	case 1:
		rows(connection.QueryContext(ctx, "select id, name from mixed where id < ? limit 20", chosen.Intn(1000)))
	case 2:
		rows(connection.QueryContext(ctx, "select 'it''s', 2.5"))
	case 3:
		rows(connection.QueryContext(ctx, "select seq, repeat('x', 50) from seq_1_to_400"))
	case 4:
		rows(connection.QueryContext(ctx, "select 1; select 'two'; select 3"))
	case 5:
		prepared, err := connection.PrepareContext(ctx, "select count(*) from mixed where id > ?")
		fatal(err)
		for range 1 + chosen.Intn(5) {
			rows(prepared.QueryContext(ctx, chosen.Intn(1000)))
		}
		fatal(prepared.Close())
	case 6:
		_, err := connection.ExecContext(ctx, "insert into mixed values (1, 'again')")
		failed(err)
	case 7:
		_, err := connection.QueryContext(ctx, "select nothing from no_such_table where id = 3")
		failed(err)
	case 8:
		_, err := connection.ExecContext(ctx, "selec")
		failed(err)
	}
}

func run(target, statement string) {
	database, err := sql.Open("mysql", target)
	fatal(err)
	defer database.Close()
	_, err = database.Exec(statement)
	fatal(err)
}

func rows(found *sql.Rows, err error) {
	fatal(err)
	for more := true; more; more = found.NextResultSet() {
		for found.Next() {
		}
	}
	fatal(found.Close())
}

func fatal(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func failed(err error) {
	if err == nil {
		log.Fatal("it did not fail")
	}
}
