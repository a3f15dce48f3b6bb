import re

from ..exchange import Exchange
from . import BUILT, PYTHON

#: Wireshark has no dissector of NATS: of what TCP carried the bytes are read here.
DISSECTOR = "tcp"
DECODE_AS = "data"
UNSEEN = {}
MESSAGE = re.compile(rb"(H?)(PUB|MSG) (\S+) (?:[^\r]* )?(\d+)")
ERRORS = {b"Permissions Violation": "permissions_violation"}


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
            if exchange := told and moved(told, line) or refused(line):
                yield exchange, message.time


def moved(told, line):
    size = int(told[4]) - (int(line.split()[-2]) if told[1] else 0)
    operation, subject = "publish" if told[2] == b"PUB" else "deliver", told[3].decode()
    return Exchange(f"{operation} {'_INBOX' if subject.startswith('_INBOX.') else subject} {size}", lane="client" if operation == "publish" else "server")


def refused(line):
    if line.startswith(b"-ERR"):
        return Exchange("error", next(word for text, word in ERRORS.items() if text in line), "server")
    return None


def of_span(span):
    if span.attributes.get("messaging.system") != "nats":
        return None
    operation = span.attributes.get("messaging.operation.name")
    words = (operation, span.attributes.get("messaging.destination.name"), span.attributes.get("messaging.message.body.size"))
    return Exchange(" ".join(str(word) for word in words if word is not None), span.attributes.get("error.type", ""), "client" if operation == "publish" else "server")
