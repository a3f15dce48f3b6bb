"""Processes that live for one request each, a few at a time; then says how many were answered, and in how many seconds.

usage: brief.py PORT COUNT
"""
import os
import socket
import sys
import time

port, count = int(sys.argv[1]), int(sys.argv[2])
AT_ONCE = 8


def ask(number):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(f"GET /leaf/{number} HTTP/1.1\r\nHost: leaf\r\nConnection: close\r\n\r\n".encode())
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    os._exit(0 if answer.startswith(b"HTTP/1.1 200 ") else 1)


start, running, answered = time.monotonic(), 0, 0
for number in range(count):
    if running == AT_ONCE:
        answered += os.wait()[1] == 0
        running -= 1
    if not os.fork():
        ask(number)
    running += 1
while running:
    answered += os.wait()[1] == 0
    running -= 1
print(answered, round(time.monotonic() - start, 1), flush=True)
