"""A client that does with its sockets whatever one may: each request and each part of an answer goes through another system call. The choices follow from the seed.

usage: restless.py PORT REQUESTS SEED
"""
import array
import os
import random
import socket
import sys
import threading

port, count, dice = int(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))


def pieces(data):
    """Split at random places, often nowhere."""
    cuts = sorted(dice.sample(range(1, len(data)), min(len(data) - 1, dice.choice([0, 0, 1, 1, 2, 5]))))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)])]


def send_plain(s, data):
    for piece in pieces(data):
        s.sendall(piece)


def send_write(s, data):
    for piece in pieces(data):
        while piece:
            piece = piece[os.write(s.fileno(), piece) :]


def send_vectored(s, data):
    parts = pieces(data)
    if s.sendmsg(parts) if dice.random() < 0.5 else os.writev(s.fileno(), parts):
        pass  # a head fits the send buffer


def send_from_thread(s, data):
    thread = threading.Thread(target=s.sendall, args=(data,))
    thread.start()
    thread.join()


def send_by_copy(s, data):
    other = s.dup()
    send_plain(other, data)
    other.close()


def send_from_child(s, data):
    child = os.fork()
    if not child:
        s.sendall(data)
        os._exit(0)
    os.waitpid(child, 0)


def send_through_another(s, data):
    """The descriptor goes to a child over a UNIX socket, which sends by it."""
    here, there = socket.socketpair()
    child = os.fork()
    if not child:
        _, ancillary, *_ = there.recvmsg(1, socket.CMSG_SPACE(4))
        passed = array.array("i")
        passed.frombytes(ancillary[0][2][:4])
        os.write(passed[0], data)
        os._exit(0)
    here.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [s.fileno()]))])
    os.waitpid(child, 0)
    here.close()
    there.close()


def receive(s, want):
    size = dice.choice([1, 7, 100, 4096, 65536])
    how = dice.randrange(6)
    if how == 0:
        s.recv(size, socket.MSG_PEEK)
        return s.recv(min(size, want))
    if how == 1:
        return os.read(s.fileno(), min(size, want))
    if how == 2:
        buffers = [bytearray(3), bytearray(size)]
        got = os.readv(s.fileno(), buffers)
        return b"".join(buffers)[:got]
    if how == 3:
        buffers = [bytearray(5), bytearray(size)]
        got = s.recvmsg_into(buffers)[0]
        return b"".join(buffers)[:got]
    if how == 4:
        buffer = bytearray(size)
        return bytes(buffer[: s.recv_into(buffer)])
    return s.recv(size)


def head_of(answer):
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    return end + 4 + next(int(line.split(b":")[1]) for line in answer[:end].split(b"\r\n") if line.lower().startswith(b"content-length:"))


def answer_of(s):
    answer = b""
    while head_of(answer) is None or len(answer) < head_of(answer):
        piece = receive(s, 65536)
        if not piece:
            return
        answer += piece


SENDERS = [send_plain, send_write, send_vectored, send_from_thread, send_by_copy, send_from_child, send_through_another]
connection = None
for number in range(count):
    if connection is None:
        connection = socket.create_connection(("127.0.0.1", port))
    body = b"b" * dice.choice([0, 0, 1, 300, 20000])
    head = f"{'POST' if body else 'GET'} /leaf/{number} HTTP/1.1\r\nHost: here\r\n" + (f"Content-Length: {len(body)}\r\n" if body else "")
    dice.choice(SENDERS)(connection, (head + "\r\n").encode())
    if body:
        send_plain(connection, body)
    answer_of(connection)
    end = dice.randrange(12)
    if end == 0:
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
        connection = None
    elif end == 1:
        thread = threading.Thread(target=connection.close)
        thread.start()
        thread.join()
        connection = None
if connection:
    connection.close()
