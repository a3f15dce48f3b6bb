"""Keep-alive connections that mostly idle: for each line on standard input, one request on each; then says so.

usage: idle.py ADDRESS PORT COUNT
"""
import socket
import sys

address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
request = f"GET /idle HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
connections = [socket.create_connection((address, port)) for _ in range(count)]

for _ in sys.stdin:
    for connection in connections:
        connection.sendall(request)
        response = b""
        while not response.endswith(b"idle\n"):
            piece = connection.recv(4096)
            if not piece:
                sys.exit("the server closed an idle connection")
            response += piece
    print("answered", count, flush=True)
