"""usage: python3 -P http.py PORT SEED COUNT: so many requests over sockets by hand: methods, framings and sizes at random, alone or pipelined, on connections that last or do not."""
import http.client
import random
import socket
import sys

PORT, SEED, COUNT = map(int, sys.argv[1:4])
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
METHODS_OF_PIPELINES = tuple(method for method in METHODS if method != "HEAD")
LINE = "{} {} HTTP/1.{}\r\nHost: shop\r\n{}\r\n"


class Shared:
    """A reader that several answers come from, one after the other."""

    def __init__(self, connection):
        self.file = connection.makefile("rb")

    def makefile(self, *_):
        return self

    def __getattr__(self, name):
        return getattr(self.file, name)

    def close(self):
        pass


def request(chosen, alone):
    """(method, bytes, whether it is the connection's last)."""
    # Wireshark takes the answer to a HEAD in a pipeline for one with a body.
    method = chosen.choice(METHODS if alone else METHODS_OF_PIPELINES)
    kind, argument = chosen.choice((("bytes", chosen.choice((0, 1, 100, 9000, 70000))), ("chunks", chosen.choice((1, 17000))),
                                    ("status", chosen.choice((204, 301, 304, 400, 404, 500, 503))), ("echo", "x" * chosen.choice((1, 300)))))
    path = f"/mixed/{kind}/{argument}/" + chosen.choice(("", "?q=s3cr3t", "?token=s3cr3t&x=s3cr3t#s3cr3t", "?a=1&b=2"))
    headers, body = "", b""
    if method in ("POST", "PUT", "PATCH"):
        body = b"b" * chosen.choice((0, 1, 500, 30000 if alone else 900))
        if chosen.random() < 0.3:
            headers += "Transfer-Encoding: chunked\r\n"
            body = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        else:
            headers += f"Content-Length: {len(body)}\r\n"
    for i in range(chosen.choice((0, 0, 3, 30))):
        headers += f"X-Header-{i}: {'v' * chosen.choice((1, 60))}\r\n"
    headers += chosen.choice(("", "Authorization: Bearer s3cr3t\r\n", "Cookie: session=s3cr3t; theme=dark\r\n", "Proxy-Authorization: Basic s3cr3t\r\n", "X-Tenant-Id: s3cr3t\r\n"))
    old, last = chosen.random() < 0.05, chosen.random() < 0.05
    headers += "Connection: close\r\n" if last or old else ""
    return method, LINE.format(method, path, 0 if old else 1, headers).encode() + body, last or old


def main():
    chosen, done = random.Random(SEED), 0
    while done < COUNT:
        with socket.create_connection(("127.0.0.1", PORT)) as connection:
            reader, last = Shared(connection), False
            while not last and done < COUNT:
                sent, size = [], chosen.choice((1, 1, 1, 2, 5))
                while len(sent) < size and not (sent and sent[-1][2]):
                    sent.append(request(chosen, size == 1))
                connection.sendall(b"".join(one[1] for one in sent))
                for method, _, last in sent:
                    answer = http.client.HTTPResponse(reader, method=method)
                    answer.begin()
                    answer.read()
                    done += 1


main()
