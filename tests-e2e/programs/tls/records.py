"""Python's ssl on OpenSSL: bodies that a socket does not take at once, and a cipher of TLS 1.2 that makes several records of a large write in one call. HTTP/1.1.

usage: records.py PORT
"""
import socket
import ssl
import sys

NO_ENCRYPT_THEN_MAC = 1 << 19  # with it a record is a call, also with ciphers that could make several


def context(ciphers):
    tls = ssl.create_default_context()
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
    if ciphers:
        tls.maximum_version = ssl.TLSVersion.TLSv1_2
        tls.set_ciphers(ciphers)
        tls.options |= NO_ENCRYPT_THEN_MAC
    return tls


def answer(connection):
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, body = got.split(b"\r\n\r\n", 1)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(65536)
    return head.split(b" ")[1].decode()


def run(name, ciphers):
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    plain.settimeout(20)
    plain.connect(("127.0.0.1", int(sys.argv[1])))
    with context(ciphers).wrap_socket(plain) as connection:
        for i in range(20):
            path = ("/records", "/missing")[i % 2] + f"/{name}/{i}"
            body = b"GET /not-a-request HTTP/1.1\r\n\r\n" * (i * 1000)
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            print(f"POST {path} {answer(connection)}")


run("one", None)
run("several", "ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA")
