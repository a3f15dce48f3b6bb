"""A threaded server that answers as its path asks: /STATUS/MILLISECONDS/anything; to a POST in chunks.

usage: answers.py PORT   (of /STATUS/MILLISECONDS/relay/anything it first asks itself for /STATUS/MILLISECONDS/anything, in the same thread)
"""
import http.client
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port = int(sys.argv[1])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if "/relay/" in self.path:
            itself = http.client.HTTPConnection("127.0.0.1", port)
            itself.request("GET", self.path.replace("/relay/", "/"))
            itself.getresponse().read()
            itself.close()
        self.answer("Content-Length", "0")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("Transfer-Encoding", "chunked")
        for chunk in (b"5\r\nfirst\r\n", b"6\r\nsecond\r\n", b"0\r\n\r\n"):
            self.wfile.write(chunk)

    def answer(self, header, value):
        status, delay = self.path.split("/")[1:3]
        time.sleep(int(delay) / 1000)
        self.send_response(int(status))
        self.send_header(header, value)
        self.end_headers()

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
