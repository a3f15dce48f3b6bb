"""What the agent is trained on: HTTP in a cgroup of its own, and a receiver that takes what it exports.

    training.py CGROUP     prints the receiver's port; a line on standard input starts the traffic, "done" ends it; the input's end ends all
"""

import http.server
import os
import pathlib
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests-e2e"))
from stage.cgroup import Cgroup  # noqa: E402

SECONDS = 6
REQUEST = (
    b"GET /api/v1/items?page=2 HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    b"Accept: */*\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n"
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def answer(connection):
    while connection.recv(4096):
        connection.sendall(ANSWER)


def traffic(cgroup, seconds):
    """Both ends of one keep-alive connection, in the cgroup."""
    (cgroup.path / "cgroup.procs").write_text("0")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as client:
            server, _ = listener.accept()
            threading.Thread(target=answer, args=(server,), daemon=True).start()
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                client.sendall(REQUEST)
                client.recv(4096)


def main():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    receiver.daemon_threads = True
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    cgroup = Cgroup(sys.argv[1])
    child = 0
    try:
        print(receiver.server_port, flush=True)
        if sys.stdin.readline():
            child = os.fork()
            if not child:
                traffic(cgroup, SECONDS)
                os._exit(0)
            os.waitpid(child, 0)
            child = 0
            print("done", flush=True)
            sys.stdin.read()
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        cgroup.remove()


main()
