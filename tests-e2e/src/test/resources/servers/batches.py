"""A client that sends each request in two messages of one sendmmsg: for each line on standard input one request, answered with its status.

usage: batches.py PORT   (a line: PATH)
"""
import ctypes
import socket
import sys


class Segment(ctypes.Structure):
    _fields_ = [("base", ctypes.c_char_p), ("length", ctypes.c_size_t)]


class Header(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_uint), ("segments", ctypes.POINTER(Segment)), ("count", ctypes.c_size_t),
                ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t), ("flags", ctypes.c_int)]


class Message(ctypes.Structure):
    _fields_ = [("header", Header), ("sent", ctypes.c_uint)]


sendmmsg = ctypes.CDLL(None).sendmmsg
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
answers = connection.makefile("rb")

for line in sys.stdin:
    head = f"GET {line.strip()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    segments = [Segment(part, len(part)) for part in (head[:20], head[20:])]
    messages = (Message * 2)(*(Message(Header(segments=ctypes.pointer(segment), count=1)) for segment in segments))
    assert sendmmsg(connection.fileno(), messages, 2, 0) == 2 and sum(message.sent for message in messages) == len(head)
    status = answers.readline().split()[1].decode()
    while answers.readline() != b"\r\n":
        pass
    print(status, flush=True)
