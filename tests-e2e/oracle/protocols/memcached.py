from ..exchange import Exchange
from . import PYTHON

DISSECTOR = "memcache"
PLANTED = {"value": 'memcache.value contains "s3cr3t"', "key": 'memcache.key contains "s3cr3t"'}
UNSEEN = {}
#: Which word of a line says how long the block behind it is.
BLOCKS = {b"VALUE": 3} | dict.fromkeys((b"set", b"add", b"replace", b"append", b"prepend", b"cas"), 4)


def server(files, port, _):
    return ["memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/memcached.py", port, seed, count]


def length(data):
    """A line, and the block of data behind it."""
    if (end := data.find(b"\r\n") + 2) < 2:
        return 0
    words = bytes(data[:end]).split()
    told = words[BLOCKS[words[0]]] if words and words[0] in BLOCKS else None
    return end + (int(told) + 2 if told else 0)


def exchanges(messages):
    """Of clients that have one request waiting at a time; what Wireshark has no word for, errors and numbers, it shows as bytes."""
    waiting = None
    for message in messages:
        command = message.first("memcache.command")
        if message.asks and command and message.first("memcache.noreply"):
            yield Exchange(command), message.time
        elif message.asks and command:
            waiting = (command, message.time)
        elif not message.asks and waiting and not message.first("memcache.value.length"):
            word = message.bytes().split()[0].decode() if not message.fields else ""
            yield Exchange(waiting[0], word if word.endswith("ERROR") else ""), waiting[1]
            waiting = None


def of_span(span):
    command = span.attributes.get("db.operation.name")
    return command and Exchange(command, span.attributes.get("db.response.status_code", ""))
