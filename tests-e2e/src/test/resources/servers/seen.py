"""A plain proxy: it hands on what it reads, byte for byte, and is the witness of what was on the wire. When a connection has ended, each of its requests is a line on
standard output: METHOD PATH STATUS REQUEST_BYTES RESPONSE_BYTES. It reads HTTP off the whole of both streams, when they are over; status 0: no answer came.

usage: seen.py PORT UPSTREAM_PORT
"""
import socket
import sys
import threading

lock = threading.Lock()


def messages(stream):
    """(first line, length) of each message of a stream whose bodies have a Content-Length; the last may be cut short."""
    while stream:
        end = stream.find(b"\r\n\r\n")
        head = stream[: end if end >= 0 else len(stream)].split(b"\r\n")
        length = 0
        for line in head[1:]:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        whole = end + 4 + length if end >= 0 else len(stream)
        yield head[0].decode(), len(stream[:whole]), end >= 0
        stream = stream[whole:]


def carry(source, target, seen):
    try:
        while piece := source.recv(65536):
            seen += piece
            target.sendall(piece)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def witness(client, server):
    asked, answered = bytearray(), bytearray()
    there = threading.Thread(target=carry, args=(client, server, asked))
    there.start()
    carry(server, client, answered)
    there.join()
    answers = [message for message in messages(bytes(answered)) if message[2]]
    with lock:
        for number, (line, size, whole) in enumerate(messages(bytes(asked))):
            status, length = (answers[number][0].split()[1], answers[number][1]) if number < len(answers) else ("0", 0)
            method, path, *_ = line.split() + ["", ""]
            print(method if whole else "CUT", path, status, size, length, flush=True)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    connection, _ = listener.accept()
    threading.Thread(target=witness, args=(connection, socket.create_connection(("127.0.0.1", int(sys.argv[2])))), daemon=True).start()
