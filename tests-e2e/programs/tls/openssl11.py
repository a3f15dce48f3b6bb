"""psycopg2's binary wheel of 2022: it brings OpenSSL 1.1 with it.

usage: openssl11.py PORT
"""
import sys

import psycopg2

connection = psycopg2.connect(f"host=127.0.0.1 port={sys.argv[1]} user=postgres dbname=postgres sslmode=require")
connection.autocommit = True
with connection.cursor() as cursor:
    cursor.execute("create table old (id int primary key, name text)")
    for i in range(40):
        cursor.execute("insert into old values (%s, %s)", (i, "s3cr3t"))
        cursor.execute("select name from old where id = %s", (i,))
        assert cursor.fetchall() == [("s3cr3t",)]
    try:
        cursor.execute("insert into old values (1, 's3cr3t')")
        raise SystemExit("a key was there twice")
    except psycopg2.errors.UniqueViolation:
        pass
    cursor.execute("select repeat('s3cr3t', 20000) from old")
    assert len(cursor.fetchall()) == 40
connection.close()
