"""usage: client.py PORT: psycopg, also midway in a connection: extended protocol, statements with names, pipelines, COPY, notifications, cancelling."""
import os
import sys
import threading

import psycopg

NAME = "midway_python" if "MIDWAY" in os.environ else "python"
TARGET = f"host=127.0.0.1 port={sys.argv[1]} user=postgres dbname=postgres"


def failing(connection, statement, *values):
    try:
        connection.execute(statement, *values)
    except psycopg.Error:
        return
    raise SystemExit(f"{statement} did not fail")


def main():
    with psycopg.connect(TARGET, autocommit=True, prepare_threshold=2) as connection:
        if "MIDWAY" in os.environ:
            print("connected", flush=True)
            sys.stdin.readline()
        connection.execute(f"create table {NAME} (id int primary key, name text)")
        for i in range(20):
            connection.execute(f"insert into {NAME} values (%s, %s)", (i, "s3cr3t"))
            connection.execute(f"select name from {NAME} where id <= %s", (i,))
        failing(connection, f"insert into {NAME} values (%s, %s)", (1, "s3cr3t"))
        failing(connection, f"select nothing from {NAME} where id = %s", (1,))
        connection.execute("select 1; select 2")
        with connection.pipeline():
            for i in range(400):
                connection.execute(f"select id from {NAME} where id = %s", (i,))
        try:
            with connection.pipeline() as pipeline:
                connection.execute("select 1 / %s", (0,))
                connection.execute("select 'skipped', %s", (1,))
                pipeline.sync()
                connection.execute("select 'after', %s", (2,))
        except psycopg.Error:
            pass
        with connection.cursor().copy(f"copy {NAME} from stdin") as copy:
            for i in range(1000, 4000):
                copy.write_row((i, "s3cr3t"))
        with connection.cursor().copy(f"copy {NAME} to stdout") as copy:
            for _ in copy:
                pass
        connection.execute("listen news")
        with psycopg.connect(TARGET, autocommit=True) as other:
            for _ in range(5):
                other.execute("notify news, 's3cr3t'")
                connection.execute(f"select count(*) from {NAME}")
        timer = threading.Timer(0.3, connection.cancel)
        timer.start()
        failing(connection, "select pg_sleep(20)")
        timer.join()
        with connection.transaction():
            with connection.cursor(name="named") as cursor:
                cursor.itersize = 700
                cursor.execute(f"select * from {NAME}")
                assert len(cursor.fetchall()) == 3020
        wide = "x" * 300_000
        assert connection.execute("select length(%s)", (wide,)).fetchone()[0] == len(wide)


main()
