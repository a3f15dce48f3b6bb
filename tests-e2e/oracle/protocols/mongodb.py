from ..exchange import Exchange
from . import BUILT, PYTHON

DISSECTOR = "mongo"
PLANTED = {"field": 'mongo.element.value.string contains "s3cr3t"'}
UNSEEN = {}
SIMPLE = ("string", "int", "double")
ON_COLLECTIONS = ("insert", "find", "update", "delete", "aggregate")


def server(files, port, _):
    return ["mongodb/server.sh", BUILT, files, port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/mongodb.py", port, seed, count]


def exchanges(messages):
    waiting = {}
    for message in messages:
        document = body(message.fields)
        if message.asks:
            waiting[message.first("mongo.request_id")] = (request(document), message.time)
        elif asked := waiting.pop(message.first("mongo.response_to"), None):
            yield Exchange(asked[0], status(document, message.fields)), asked[1]


def body(fields):
    """Of the document of the message itself, not of those in it: {name: value} in order."""
    found, level, name = {}, None, None
    for field, text, depth in fields:
        if field == "mongo.element.name" and level in (None, depth):
            level, name = depth, text
            found.setdefault(name, "")
        elif field.startswith("mongo.element.value.") and depth == (level or 0) + 1 and field.rpartition(".")[2] in SIMPLE:
            found[name] = text
    return found


def request(document):
    command = next(iter(document))
    on = document["collection"] if command == "getMore" else document[command] if command in ON_COLLECTIONS else "-"
    return " ".join((command, document["$db"], on))


def status(document, fields):
    if float(document.get("ok", 1)) == 0:
        return document["code"]
    if "writeErrors" in document:
        names = [text for field, text, _ in fields if field in ("mongo.element.name", "mongo.element.value.int")]
        return names[names.index("code") + 1]
    return ""


def of_span(span):
    command = span.attributes.get("db.operation.name")
    return command and Exchange(" ".join((command, span.attributes.get("db.namespace", ""), span.attributes.get("db.collection.name", "-"))),
                                span.attributes.get("db.response.status_code", ""))
