"""usage: ranges.py PORT: version 3.1.1 by hand, each field of a packet a range of its own, as mqtt.js writes them: who it is, and three messages in one call."""
import socket
import sys

NAME = b"ranges"
TOPIC = b"ranges/things"


def packet(first, *fields):
    return [bytes([first]), bytes([sum(map(len, fields))]), *fields]


def counted(text):
    return [len(text).to_bytes(2, "big"), text]


with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendmsg(packet(0x10, *counted(b"MQTT"), b"\4", b"\2", b"\0\x3c", *counted(NAME)))
    assert server.recv(4, socket.MSG_WAITALL) == b"\x20\2\0\0"
    server.sendmsg([field for i in range(3) for field in packet(0x32, *counted(TOPIC), bytes([0, i + 1]), b"s3cr3t")])
    assert server.recv(12, socket.MSG_WAITALL) == b"\x40\2\0\1\x40\2\0\2\x40\2\0\3"
    server.sendmsg(packet(0xE0))
