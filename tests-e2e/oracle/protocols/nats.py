import re

from ..messaging import moved, spans_of
from . import BUILT, PYTHON

#: Wireshark has no dissector of NATS: of what TCP carried the bytes are read here.
DISSECTOR = "tcp"
DECODE_AS = "data"
PLANTED = {
    "password": 'tcp.payload matches "pass\\": ?\\"s3cr3t\\""',
    "token": 'tcp.payload matches "auth_token\\": ?\\"s3cr3t\\""',
    "header": 'tcp.payload contains "authorization: s3cr3t"',
    "payload": 'tcp.payload contains "s3cr3ts3cr3t"',
}
UNSEEN = {}
of_span = spans_of("nats")
MESSAGE = re.compile(rb"(H?)(PUB|MSG) (\S+) (?:[^\r]* )?(\d+)")
ERRORS = {b"Permissions Violation": "permissions_violation", b"Authorization Violation": "authorization_violation"}


def server(files, port, _):
    return [BUILT / "nats", "server", port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/nats.py", port, seed, count]


def exchanges(messages):
    sides = {}
    for message in messages:
        side = sides.setdefault(message.asks, bytearray())
        side += message.bytes()
        while b"\r\n" in side:
            line = bytes(side[: side.index(b"\r\n")])
            told = MESSAGE.fullmatch(line)
            whole = len(line) + 2 + (int(told[4]) + 2 if told else 0)
            if len(side) < whole:
                break
            del side[:whole]
            if exchange := told and carried(told, line) or refused(line):
                yield exchange, message.time


def carried(told, line):
    size = int(told[4]) - (int(line.split()[-2]) if told[1] else 0)
    subject = told[3].decode()
    return moved(("publish" if told[2] == b"PUB" else "deliver", "_INBOX" if subject.startswith("_INBOX.") else subject, size))


def refused(line):
    if line.startswith(b"-ERR"):
        return moved(("error",), next(word for text, word in ERRORS.items() if text in line))
    return None
