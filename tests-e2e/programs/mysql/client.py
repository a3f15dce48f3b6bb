"""usage: client.py PORT: PyMySQL: statements, several at once, several results, a file, errors, another database."""
import sys
import tempfile

import pymysql
from pymysql.constants import CLIENT


def failing(cursor, statement, *values):
    try:
        cursor.execute(statement, *values)
    except pymysql.MySQLError:
        return
    raise SystemExit(f"{statement} did not fail")


def main():
    connection = pymysql.connect(
        host="127.0.0.1", port=int(sys.argv[1]), user="root", database="shop", autocommit=True, local_infile=True,
        client_flag=CLIENT.MULTI_STATEMENTS)
    with connection.cursor() as cursor:
        cursor.execute("create table python (id int primary key, name longtext)")
        for i in range(20):
            cursor.execute("insert into python values (%s, %s)", (i, "s3cr3t"))
            cursor.execute("select name from python where id <= %s", (i,))
        failing(cursor, "insert into python values (%s, %s)", (1, "s3cr3t"))
        failing(cursor, "select nothing from python where id = 1")
        failing(cursor, "selec")
        cursor.execute("select 1; select 2; insert into python values (100, 's3cr3t')")
        while cursor.nextset():
            pass
        cursor.execute("select seq, repeat('x', 2000) from seq_1_to_500")
        cursor.execute("select repeat('y', 17000000)")
        cursor.execute("create procedure both_of() begin select 1; select 2 union select 3; end")
        cursor.callproc("both_of")
        while cursor.nextset():
            pass
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("".join(f"{i}\ts3cr3t {'z' * 1000}\n" for i in range(1000, 3000)))
            file.flush()
            cursor.execute(f"load data local infile '{file.name}' into table python")
        cursor.execute("insert into python values (%s, %s)", (5000, "s3cr3t" + "w" * 100000))
        connection.ping()
        connection.select_db("mysql")
        cursor.execute("select count(*) from user")
        connection.select_db("shop")
        cursor.execute("use mysql")
        cursor.execute("select count(*) from user")
    connection.close()


main()
