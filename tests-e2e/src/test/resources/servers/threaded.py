"""A threaded server of the standard library: each request makes one blocking request to the leaf, in the same thread, before it answers.

usage: threaded.py PORT LEAF_PORT LOG   (one line per request: id, traceparent received or -)
"""
import http.client
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port, leaf, log = int(sys.argv[1]), int(sys.argv[2]), open(sys.argv[3], "a", buffering=1)
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        identity = self.path.rsplit("/", 1)[1]
        with lock:
            log.write(f"{identity} {self.headers.get('traceparent', '-')}\n")
        downstream = http.client.HTTPConnection("127.0.0.1", leaf)
        downstream.request("GET", f"/leaf/{identity}")
        body = downstream.getresponse().read()
        downstream.close()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


Server(("127.0.0.1", port), Handler).serve_forever()
