"""Keep-alive connections that take turns: each line on standard input is one request, and is answered with its status.

usage: sender.py PORT CONNECTIONS   (a line: METHOD PATH BODY_BYTES [TRACEPARENT])
"""
import http.client
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
connections = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(count)]

for number, line in enumerate(sys.stdin):
    method, path, size, *traceparent = line.split()
    connection = connections[number % count]
    headers = {"traceparent": traceparent[0]} if traceparent else {}
    connection.request(method, path, b"x" * int(size) or None, headers)
    response = connection.getresponse()
    response.read()
    print(response.status, flush=True)
