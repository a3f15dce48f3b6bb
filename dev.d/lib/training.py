"""What the agent is trained on: HTTP/1.1 and HTTP/2 in a cgroup of its own, and a receiver that takes what it exports.

    training.py CGROUP     prints the receiver's port; a line on standard input starts the traffic, "done" ends it; the input's end ends all
"""

import http.server
import itertools
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


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS, DATA, SETTINGS, END_STREAM, END_HEADERS = 1, 0, 4, 1, 4


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def literal(index, text):
    """A field whose name is in the table that everybody knows, its value as it is."""
    return bytes((index, len(text))) + text


GET = b"\x82\x86" + literal(4, b"/api/v1/items?page=2") + literal(1, b"shop.example.com") + literal(0x0F, b"")[:1] + bytes((58 - 15, 4)) + b"curl"


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def conversations():
    """(what both sides begin with, for each exchange what is asked and what is answered)."""
    yield b"", b"", lambda _: (REQUEST, ANSWER)
    yield (PREFACE + frame(SETTINGS, 0, 0), frame(SETTINGS, 0, 0),
           lambda number: (frame(HEADERS, END_HEADERS | END_STREAM, number, GET), frame(HEADERS, END_HEADERS, number, b"\x88") + frame(DATA, END_STREAM, number, b"ok")))


def answer(connection, greeting, said):
    connection.sendall(greeting)
    for number in itertools.count(1, 2):
        if not connection.recv(4096):
            return
        connection.sendall(said(number)[1])


def traffic(cgroup, seconds):
    """Both ends of a keep-alive connection of each version, one after the other, in the cgroup."""
    (cgroup.path / "cgroup.procs").write_text("0")
    for first, greeting, said in conversations():
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
            server, _ = listener.accept()
            threading.Thread(target=answer, args=(server, greeting, said), daemon=True).start()
            if greeting:
                client.recv(4096)
            end = time.monotonic() + seconds / 2
            for number in itertools.count(1, 2):
                if time.monotonic() > end:
                    break
                client.sendall(first + said(number)[0])
                first = b""
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
