"""A server, and a client of it that needs more of something at once than there is room for, and later one thing after another. Says how many requests that were, once all are
answered as they should be.

usage: crowd.py PORT CONNECTIONS KIND [FILES]   (each line of its standard input asks for a round: the first is a crowd, the others are not; ends with its standard input)
  pipeline   requests behind others     carry     heads that are cut inside a line
  waiting    answers without an end     idle      two requests on each connection, one connection after the other
  numbered   as pipeline, in a protocol that numbers its requests (Kafka's)
  secure     as idle, through TLS, with the certificate in the folder FILES
"""
import contextlib
import socket
import ssl
import struct
import sys
import threading

port, connections, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
DEPTH = {"pipeline": 8, "numbered": 8, "idle": 2, "secure": 2}.get(kind, 1)
all_sent = threading.Event()


def secure_ends(files):
    """What wraps a client's socket, and a server's; without files neither does anything."""
    if not files:
        return (lambda plain: plain,) * 2
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(f"{files}/cert.pem", f"{files}/key.pem")
    client = ssl.create_default_context(cafile=f"{files}/cert.pem")
    return (lambda plain: client.wrap_socket(plain, server_hostname="127.0.0.1"),
            lambda plain: server.wrap_socket(plain, server_side=True))


asking, answering = secure_ends(sys.argv[4] if len(sys.argv) > 4 else None)


def answer(peer):
    peer = answering(peer)
    with contextlib.suppress(ConnectionResetError), peer, peer.makefile("rb") as requests:
        for line in requests:
            if line.startswith(b"GET /"):
                path = line.split()[1]
            if line != b"\r\n":
                continue
            if path.startswith(b"/crowd"):
                all_sent.wait()
            if path.startswith(b"/crowd") and kind == "waiting":
                peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n%-32b" % path)
            else:
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n%-32b" % path)


def answer_numbered(peer):
    """Kafka's Metadata: what comes back has the number, and nothing else that matters."""
    with peer, peer.makefile("rb") as requests:
        while len(head := requests.read(12)) == 12:
            length, _, _, number = struct.unpack(">IHHI", head)
            if requests.read(length - 8).startswith(b"\0\5crowd"):
                all_sent.wait()
            peer.sendall(struct.pack(">III", 12, number, 0) + bytes(4))


def serve(listener):
    while True:
        threading.Thread(target=answer_numbered if kind == "numbered" else answer, args=(listener.accept()[0],), daemon=True).start()


def connect():
    server = socket.create_connection(("127.0.0.1", port))
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = asking(server)
    return server, server.makefile("rb")


def send(server, path, cut):
    """The path of a numbered one ends with its number, and begins with its client's name."""
    if kind == "numbered":
        _, client, *_, number = path.split(b"/")
        server.sendall(struct.pack(">IHHIH", 14 + len(client), 3, 0, int(number) + 1, len(client)) + client + bytes(4))
        return b""
    head = b"GET %b HTTP/1.1\r\nHost: crowd.example\r\n\r\n" % path
    if cut:
        server.sendall(head[:-8])
        return head[-8:]
    server.sendall(head)
    return b""


def expect(answers, path):
    if kind == "numbered":
        length, number, *_ = struct.unpack(">4I", answers.read(16))
        if number != int(path.split(b"/")[-1]) + 1:
            sys.exit(f"{path} was answered {number}")
        return
    while answers.readline() != b"\r\n":
        pass
    body = answers.read(32).strip()
    if body != path:
        sys.exit(f"{path} was answered {body}")


def crowd():
    all_sent.clear()
    ends = [connect() for _ in range(connections)]
    paths = [[b"/crowd/%d/%d" % (i, j) for j in range(DEPTH)] for i in range(connections)]
    if kind in ("idle", "secure"):
        all_sent.set()
        for j in range(DEPTH):
            for (server, answers), mine in zip(ends, paths):
                send(server, mine[j], False)
                expect(answers, mine[j])
    else:
        rest = [[send(server, path, kind == "carry") for path in mine] for (server, _), mine in zip(ends, paths)]
        for (server, _), mine in zip(ends, rest):
            if mine[-1]:
                server.sendall(mine[-1])
        all_sent.set()
        for (_, answers), mine in zip(ends, paths):
            for path in mine:
                expect(answers, path)
    for server, answers in ends:
        answers.close()
        server.close()


def one_after_another():
    for i in range(connections):
        server, answers = connect()
        with server, answers:
            path = b"/again/%d" % i
            server.sendall(send(server, path, kind == "carry"))
            expect(answers, path)


listener = socket.create_server(("127.0.0.1", port), backlog=connections)
threading.Thread(target=serve, args=(listener,), daemon=True).start()
for n, _ in enumerate(sys.stdin):
    one_after_another() if n else crowd()
    print(connections if n else connections * DEPTH, flush=True)
