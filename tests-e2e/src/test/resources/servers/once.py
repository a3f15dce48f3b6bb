"""One HTTP request to a server in a thread of this process, then the end.

usage: once.py PATH
"""
import http.client
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


server = HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.handle_request).start()
client = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
client.request("GET", sys.argv[1])
assert client.getresponse().read() == b"ok"
