import collections

from ..exchange import Exchange
from . import PYTHON

DISSECTOR = "resp"
#: Wireshark loses its place where an array is cut between segments and the other side speaks in between.
TAKES_CUTS = False
PLANTED = {"value": 'resp.bulk_string.value contains "s3cr3t"', "password": 'tcp.payload contains "AUTH\\r\\n$6\\r\\ns3cr3t"'}
UNSEEN = {r"× (CLIENT|CONFIG)( SETINFO| GET)? →": "a subcommand that comes in another transfer than its command's name is left out of the span"}
#: Of those that the client sends, commands whose first argument is a part of their name.
FAMILIES = ("CLIENT", "CONFIG")


def server(files, port, _):
    return ["sh", "-c", f"mkdir -p {files} && exec redis/server.sh {files} {port}"]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/redis.py", port, seed, count]


def exchanges(messages):
    waiting = collections.deque()
    for message in messages:
        for element in elements(message.fields):
            if message.asks:
                waiting.append((command(element), message.time))
            else:
                request, time = waiting.popleft()
                yield Exchange(request, element[0][1].split()[0] if element[0][0] == "resp.error" else ""), time


def elements(fields):
    """What stands at the root of the tree, each with all that is below it."""
    found = []
    for field, text, depth in fields:
        if depth == 0:
            found.append([])
        found[-1].append((field, text))
    return [element for element in found if not is_begun(element)]


def is_begun(element):
    """An array that Wireshark shows as far as it is here, and again when it is whole."""
    names = [field for field, _ in element]
    return "resp.reassembled_in_next_frame" in names or (names == ["resp.array", "resp.array.length"] and int(element[1][1]) > 0)


def command(element):
    words = [bytes.fromhex(text.replace(":", "")).decode(errors="replace").upper() for field, text in element if field == "resp.bulk_string.value"]
    return " ".join(words[: 2 if words[0] in FAMILIES else 1])


def of_span(span):
    command = span.attributes.get("db.operation.name")
    return command and Exchange(command.upper(), span.attributes.get("db.response.status_code", ""))
