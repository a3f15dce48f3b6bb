package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgx: its own implementation of the protocol; statements with names that it prepares by itself, batches, COPY.
func postgresql(port string) {
	if err := talk(context.Background(), port); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func talk(ctx context.Context, port string) error {
	connection, err := pgx.Connect(ctx, "postgres://postgres@127.0.0.1:"+port+"/postgres?sslmode=prefer")
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	table := "go"
	if os.Getenv("MIDWAY") != "" {
		table = "midway_go"
		fmt.Println("connected")
		fmt.Scanln()
	}
	if _, err := connection.Exec(ctx, "create table "+table+" (id int primary key, name text)"); err != nil {
		return err
	}
	for i := 0; i < 30; i++ {
		if _, err := connection.Exec(ctx, "insert into "+table+" values ($1, $2)", i, "s3cr3t"); err != nil {
			return err
		}
		var name string
		if err := connection.QueryRow(ctx, "select name from "+table+" where id = $1", i).Scan(&name); err != nil {
			return err
		}
	}
	var refused *pgconn.PgError
	if _, err := connection.Exec(ctx, "insert into "+table+" values ($1, $2)", 1, "s3cr3t"); !errors.As(err, &refused) {
		return errors.New("a key was there twice")
	}
	batch := &pgx.Batch{}
	for i := 0; i < 40; i++ {
		batch.Queue("update "+table+" set name = $2 where id = $1", i, "s3cr3t")
	}
	if err := connection.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	rows := make([][]any, 2000)
	for i := range rows {
		rows[i] = []any{1000 + i, "s3cr3t"}
	}
	if _, err := connection.CopyFrom(ctx, pgx.Identifier{table}, []string{"id", "name"}, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	if _, err = connection.Exec(ctx, "select count(*) from "+table+" where name = $1", pgx.QueryExecModeSimpleProtocol, "s3cr3t"); err != nil {
		return err
	}
	return pipeline(connection.PgConn().StartPipeline(ctx), table)
}

// Each request is synchronised by itself, as asynchronous drivers do, and some are closed before they are answered.
func pipeline(requests *pgconn.Pipeline, table string) error {
	for i := 0; i < 100; i++ {
		requests.SendPrepare("p", "select name from "+table+" where id >= $1 limit 3", nil)
		requests.SendPipelineSync()
		requests.SendQueryPrepared("p", [][]byte{[]byte(fmt.Sprint(i))}, nil, nil)
		requests.SendPipelineSync()
		requests.SendDeallocate("p")
		requests.SendPipelineSync()
		if i%10 == 0 {
			requests.SendQueryParams("select 's3cr3t', 1 / $1::int", [][]byte{[]byte("0")}, nil, nil, nil)
			requests.SendQueryParams("select 'skipped'", nil, nil, nil, nil)
			requests.SendPipelineSync()
		}
	}
	if err := requests.Flush(); err != nil {
		return err
	}
	var refused *pgconn.PgError
	if err := requests.Close(); err != nil && !errors.As(err, &refused) {
		return err
	}
	return nil
}
