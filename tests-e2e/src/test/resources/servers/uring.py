"""A client of one connection that asks some requests by system calls and others through io_uring, as the seed says: /leaf/call, /leaf/ring. Ends with 3 where the kernel refuses io_uring.

usage: uring.py PORT REQUESTS SEED
"""
import ctypes
import mmap
import os
import random
import socket
import struct
import sys

SETUP, ENTER = 425, 426  # on every processor
SEND, RECEIVE = 26, 27  # IORING_OP_…
GET_EVENTS = 1
SQES_AT = 0x10000000

libc = ctypes.CDLL(None, use_errno=True)


class Ring:
    """One entry at a time: put in, waited for, taken out."""

    def __init__(self):
        said = ctypes.create_string_buffer(120)
        self.fd = libc.syscall(SETUP, 1, said)
        if self.fd < 0:
            print("io_uring_setup:", os.strerror(ctypes.get_errno()))
            sys.exit(3)
        entries, completions = struct.unpack_from("II", said, 0)
        _, self.sq_tail, self.sq_mask, _, _, _, array = struct.unpack_from("7I", said, 40)
        self.cq_head, _, self.cq_mask, _, _, self.cqes = struct.unpack_from("6I", said, 80)
        self.rings = mmap.mmap(self.fd, max(array + 4 * entries, self.cqes + 16 * completions))
        self.sqes = mmap.mmap(self.fd, 64 * entries, offset=SQES_AT)

    def word(self, at):
        return struct.unpack_from("I", self.rings, at)[0]

    def do(self, operation, fd, buffer, length):
        self.sqes[:64] = struct.pack("BBHiQQIIQ24x", operation, 0, 0, fd, 0, ctypes.addressof(buffer), length, 0, 0)
        struct.pack_into("I", self.rings, self.sq_tail, self.word(self.sq_tail) + 1)
        if libc.syscall(ENTER, self.fd, 1, 1, GET_EVENTS, None, 0) != 1:
            raise OSError(ctypes.get_errno(), "io_uring_enter")
        head = self.word(self.cq_head)
        result = struct.unpack_from("i", self.rings, self.cqes + 16 * (head & self.word(self.cq_mask)) + 8)[0]
        struct.pack_into("I", self.rings, self.cq_head, head + 1)
        if result < 0:
            raise OSError(-result, "by io_uring")
        return result


port, count, dice = int(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
ring, room = Ring(), ctypes.create_string_buffer(4096)
s = socket.create_connection(("127.0.0.1", port))


def ring_send(data):
    ctypes.memmove(room, data, len(data))
    assert ring.do(SEND, s.fileno(), room, len(data)) == len(data)


def ring_receive():
    length = ring.do(RECEIVE, s.fileno(), room, len(room))
    return room.raw[:length]


def ask(by_ring):
    request = f"GET /leaf/{'ring' if by_ring else 'call'} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    ring_send(request) if by_ring else s.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += ring_receive() if by_ring else s.recv(4096)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += ring_receive() if by_ring else s.recv(4096)


for number in range(count):
    ask(dice.random() < 0.4)
s.close()
