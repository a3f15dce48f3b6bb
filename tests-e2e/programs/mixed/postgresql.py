"""usage: python3 -P postgresql.py PORT SEED COUNT: psycopg: simple and extended queries, prepared ones, pipelines, COPY, several at once, and what fails, at random."""
import random
import sys

import psycopg

PORT, SEED, COUNT = map(int, sys.argv[1:4])
TARGET = f"host=127.0.0.1 port={PORT} user=postgres dbname=postgres"


def simple(connection, chosen):
    connection.execute(chosen.choice(("select 1", "select 'it''s', 2.5", "select * from generate_series(1, 400)", "update mixed set name = 's3cr3t' where id = 7")))


def several(connection, _):
    connection.execute("select 1; select 'two'; select 3", prepare=False)


def extended(connection, chosen):
    connection.execute("select id, name from mixed where id < %s and name <> %s", (chosen.randrange(1000), "x" * chosen.choice((1, 5000))))


def insert(connection, chosen):
    connection.execute("insert into mixed values (%s, %s) on conflict (id) do nothing", (chosen.randrange(100000), "s3cr3t"))


def pipeline(connection, chosen):
    with connection.pipeline():
        for _ in range(chosen.choice((2, 5, 20))):
            extended(connection, chosen)


def copy(connection, chosen):
    if chosen.random() < 0.5:
        with connection.cursor().copy("copy (select * from mixed limit 300) to stdout") as rows:
            for _ in rows:
                pass
    else:
        with connection.cursor().copy("copy copied from stdin") as rows:
            for i in range(chosen.choice((1, 400))):
                rows.write_row((i, "s3cr3t"))


def failing(connection, chosen):
    try:
        connection.execute(chosen.choice(("select nothing from mixed", "selec", "select 1 / 0", "select * from no_such_table where id = 3")))
    except psycopg.Error:
        return
    raise SystemExit("it did not fail")


def failing_values(connection, _):
    try:
        connection.execute("insert into mixed values (%s, %s)", (1, "twice"))
    except psycopg.Error:
        return
    raise SystemExit("it did not fail")


def main():
    chosen, done = random.Random(SEED), 0
    kinds = (simple, simple, several, extended, extended, insert, pipeline, copy, failing, failing_values)
    with psycopg.connect(TARGET, autocommit=True) as connection:
        connection.execute("drop table if exists mixed, copied")
        connection.execute("create table mixed (id int primary key, name text)")
        connection.execute("create table copied (id int, name text)")
        connection.execute("insert into mixed values (1, 'one')")
    while done < COUNT:
        with psycopg.connect(TARGET, autocommit=True, prepare_threshold=chosen.choice((None, 0, 3))) as connection:
            for _ in range(min(COUNT - done, chosen.choice((5, 50, 300)))):
                chosen.choice(kinds)(connection, chosen)
                done += 1


main()
