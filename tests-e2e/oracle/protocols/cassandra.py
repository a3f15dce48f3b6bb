import itertools

from stage.stage import free_port

from ..compare import CUT
from ..exchange import Exchange, sanitized
from . import BUILT, PYTHON

#: In versions 3 and 4: Wireshark 4.0 does not know the segments of version 5, which are left to CassandraE2E.
DISSECTOR = "cql"
PLANTED = {"literal": 'cql.string contains "\'s3cr3t\'"', "parameter": 'tcp.payload contains "s3cr3ts3cr3t"', "row": 'cql.result.kind == 2 && tcp.payload contains "s3cr3t"',
           "payload": 'tcp.payload contains "authorization\\x00\\x00\\x00\\x06s3cr3t"'}
UNSEEN = {}
HEADER, UUID, KIND = 9, 16, 4
COMPRESSED, TRACED, PAYLOAD, WARNED = 1, 2, 4, 8
ERROR, STARTUP, OPTIONS, QUERY, RESULT, PREPARE, EXECUTE, REGISTER, BATCH, AUTH_RESPONSE = 0, 1, 5, 7, 8, 9, 10, 11, 13, 15
OPERATIONS = {STARTUP: "STARTUP", OPTIONS: "OPTIONS", REGISTER: "REGISTER", BATCH: "BATCH", AUTH_RESPONSE: "AUTH_RESPONSE"}


def server(files, port, _):
    return ["sh", "cassandra/server.sh", BUILT / "cassandra", files, port, free_port()]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/cassandra.py", port, seed, count]


def length(data):
    return HEADER + int.from_bytes(data[5:9], "big") if len(data) >= HEADER else 0


def exchanges(messages):
    """What is asked is one, whatever comes of it; what a connection says of itself, and what is prepared, where it fails."""
    waiting, texts, ended, order = {}, {}, [], itertools.count()
    for message in messages:
        opcode, number = int(message.first("cql.opcode")), message.first("cql.stream")
        if message.asks:
            waiting[number] = (next(order), opcode, asked(message, opcode, texts), message.time)
        elif taken := waiting.pop(number, None):
            place, request, text, time = taken
            if opcode == RESULT and request == PREPARE and not flags(message) & COMPRESSED:
                texts[identity(behind(message)[KIND:])] = text
            if opcode == ERROR or request in (QUERY, EXECUTE, BATCH):
                ended.append((place, Exchange(text, error(message) if opcode == ERROR else ""), time))
    return [(exchange, time) for _, exchange, time in sorted(ended, key=lambda one: one[0])]


def asked(message, opcode, texts):
    """Its statement, or what it does. Spans say neither of what is compressed."""
    if flags(message) & COMPRESSED:
        return ""
    if opcode == EXECUTE:
        return texts.get(statement(message), "")
    return sanitized(message.first("cql.string")) if opcode in (QUERY, PREPARE) else OPERATIONS.get(opcode, "")


def statement(message):
    if not flags(message) & PAYLOAD:
        return message.first("cql.query_id").replace(":", "")
    return identity(behind(message))


def identity(data):
    return data[2 : 2 + short(data)].hex()


def error(message):
    told = flags(message)
    if told & COMPRESSED:
        return "_OTHER"
    return str(int.from_bytes(behind(message)[:4], "big") if told & (TRACED | WARNED | PAYLOAD) else int(message.first("cql.error_code"), 0))


def flags(message):
    return int(message.first("cql.flags"), 0)


def behind(message):
    """The body without what goes before it: a trace's id, warnings, and what drivers add. Wireshark 4.0 takes those for the body."""
    told, body = flags(message), message.bytes()[HEADER:]
    if told & TRACED and not message.asks:
        body = body[UUID:]
    if told & WARNED:
        for _ in range(short(body)):
            body = body[:2] + body[4 + short(body[2:]) :]
        body = body[2:]
    if told & PAYLOAD:
        for _ in range(short(body)):
            value = body[4 + short(body[2:]) :]
            body = body[:2] + value[4 + int.from_bytes(value[:4], "big", signed=True) :]
        body = body[2:]
    return body


def short(data):
    return int.from_bytes(data[:2], "big")


def of_span(span):
    about = span.attributes
    if about.get("db.system.name") != "cassandra":
        return None
    text = sanitized(about.get("db.query.text", "")) + (CUT if "spandrel.query.truncated" in about else "")
    return Exchange(text or about.get("db.operation.name", ""), about.get("db.response.status_code", ""))
