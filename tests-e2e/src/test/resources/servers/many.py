"""A server, and a client of it that is answered with each status from 200 to 999 at each of so many addresses; then it says how many requests that were.

usage: many.py PORT ADDRESSES   (ends with its standard input)
"""
import socket
import sys
import threading

port, addresses = int(sys.argv[1]), int(sys.argv[2])
STATUSES = range(200, 1000)


def answer(peer):
    with peer, peer.makefile("rb") as requests:
        for line in requests:
            if line.startswith(b"GET /"):
                status = line.split()[1][1:]
            if line == b"\r\n":
                peer.sendall(b"HTTP/1.1 " + status + b" So\r\nContent-Length: 0\r\n\r\n")


def serve(listener):
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


listener = socket.create_server(("0.0.0.0", port))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
sys.stdin.readline()
for i in range(addresses):
    with socket.create_connection((f"127.0.2.{i + 1}", port)) as server, server.makefile("rb") as answers:
        for status in STATUSES:
            server.sendall(b"GET /%d HTTP/1.1\r\nHost: many\r\n\r\n" % status)
            while answers.readline() != b"\r\n":
                pass
print(addresses * len(STATUSES), flush=True)
sys.stdin.readline()
