"""Answers requests on connections that their clients reset: a request that is there by then is read after the reset, and its answer fails.

usage: reset.py PORT
Paths that begin with /late are read when the connection is reset; all others at once.
"""
import select
import socket
import sys


def serve(connection):
    while True:
        head = connection.recv(4096, socket.MSG_PEEK)
        if head.startswith(b"GET /late"):
            await_reset(connection)
        head = connection.recv(4096)
        if not head:
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def await_reset(connection):
    poll = select.poll()
    poll.register(connection, 0)
    poll.poll()


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        accepted, _ = server.accept()
        with accepted:
            try:
                serve(accepted)
            except OSError as e:
                print(type(e).__name__, flush=True)
