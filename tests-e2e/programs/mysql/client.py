"""usage: client.py PORT: PyMySQL: statements, several at once, several results, a file, errors, another database, another user; with TLS in the environment by that alone."""
import os
import sys
import tempfile

import pymysql
from pymysql.constants import CLIENT, COMMAND


def failing(cursor, statement, *values):
    try:
        cursor.execute(statement, *values)
    except pymysql.MySQLError:
        return
    raise SystemExit(f"{statement} did not fail")


def connect(**options):
    return pymysql.connect(host="127.0.0.1", port=int(sys.argv[1]), user="root", database="shop", autocommit=True, **options)


def change_user(connection):
    """To the same one without a password, in another database; the server asks once more how to log in."""
    connection._execute_command(COMMAND.COM_CHANGE_USER, b"root\0\0mysql\0\x21\0mysql_native_password\0\0")
    if connection._read_packet().is_auth_switch_request():
        connection.write_packet(b"")
        assert connection._read_packet().is_ok_packet()


def packet(command, content):
    return (len(content) + 1).to_bytes(3, "little") + bytes([0, command]) + content


def prepare_and_execute(connection, statement):
    """In one go, as MariaDB's connectors do: what is run is the statement that was prepared last."""
    connection._write_bytes(packet(COMMAND.COM_STMT_PREPARE, statement.encode()) + packet(COMMAND.COM_STMT_EXECUTE, b"\xff\xff\xff\xff\0\1\0\0\0"))
    # Of both a column and what ends columns; then a row and what ends rows.
    for first in (True, False, False, True, False, False, False, False):
        if first:
            connection._next_seq_id = 1
        connection._read_packet()


def rows(connection, table):
    with connection.cursor() as cursor:
        cursor.execute(f"create table {table} (id int primary key, name longtext)")
        for i in range(20):
            cursor.execute(f"insert into {table} values (%s, %s)", (i, "s3cr3t"))
            cursor.execute(f"select name from {table} where id <= %s", (i,))
        failing(cursor, f"insert into {table} values (%s, %s)", (1, "s3cr3t"))


def midway():
    connection = connect()
    print("connected", flush=True)
    sys.stdin.readline()
    rows(connection, "midway_python")
    connection.close()


def main():
    connection = connect(local_infile=True, client_flag=CLIENT.MULTI_STATEMENTS)
    rows(connection, "python")
    with connection.cursor() as cursor:
        failing(cursor, "select nothing from python where id = 1")
        failing(cursor, "selec")
        prepare_and_execute(connection, "select count(*) from python")
        prepare_and_execute(connection, "select max(id) from python")
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
        cursor.execute("use shop")
        change_user(connection)
        cursor.execute("select count(*) from user")
    connection.close()


if "TLS" in os.environ:
    rows(connect(ssl={"ca": os.environ["TLS"] + "/cert.pem", "check_hostname": False}), "secret")
elif "MIDWAY" in os.environ:
    midway()
else:
    main()
