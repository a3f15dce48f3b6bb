"""Asks, and resets the connection instead of waiting for the answer.

usage: resetting.py PORT ROUNDS
Of two connections in each round the first has had an answer before. No request names a host: which port it was for, only the connection says.
"""
import socket
import struct
import sys

port, rounds = int(sys.argv[1]), int(sys.argv[2])


def ask(connection, path):
    connection.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())


for i in range(rounds):
    for known in (True, False):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if known:
            ask(connection, f"/answered/{i}")
            connection.recv(4096)
        ask(connection, f"/late/{'known' if known else 'new'}/{i}")
        connection.close()
print("done", flush=True)
