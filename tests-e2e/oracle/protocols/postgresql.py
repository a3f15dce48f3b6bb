from ..compare import CUT
from ..exchange import Exchange, sanitized
from . import PYTHON

DISSECTOR = "pgsql"
PLANTED = {"literal": 'pgsql.query contains "\'s3cr3t\'"', "parameter": 'pgsql.val.data contains "s3cr3t"', "row of COPY": 'pgsql.copydata contains "s3cr3t"'}
UNSEEN = {}
DONE = ("Command completion", "Empty query", "Portal suspended")


def server(files, port, _):
    return ["postgresql/server.sh", files, port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/postgresql.py", port, seed, count]


def exchanges(messages):
    """A query is one, whatever is in it, and so is each execution. Behind an error nothing happens up to the next Sync."""
    texts, bound, waiting, ended = {}, {}, [], []
    for message in messages:
        kind = message.first("pgsql.type")
        if kind == "Simple query":
            waiting.append(["query", message.first("pgsql.query"), message.time, ""])
        elif kind == "Parse":
            texts[message.first("pgsql.statement")] = message.first("pgsql.query")
            waiting.append(["parse", message.first("pgsql.query"), message.time, ""])
        elif kind == "Bind" and message.asks:
            bound[message.first("pgsql.portal")] = texts.get(message.first("pgsql.statement"), "?")
        elif kind == "Execute":
            # One with what leads to it.
            waiting.append(["execute", bound.get(message.first("pgsql.portal"), "?"), message.time, ""])
        elif kind == "Sync":
            waiting.append(["sync", "", message.time, ""])
        elif not message.asks and waiting:
            answer(kind, message, waiting, ended)
    for request, time, status in ended:
        yield Exchange(request, status), time


def answer(kind, message, waiting, ended):
    first = waiting[0]
    if kind == "Error":
        first[3] = message.first("pgsql.code")
    if first[0] in ("parse", "execute") and kind == "Error":
        end(waiting.pop(0), ended)
        while waiting and waiting[0][0] != "sync":
            waiting.pop(0)
    elif first[0] == "parse" and kind == "Parse completion":
        waiting.pop(0)
    elif first[0] == "execute" and kind in DONE:
        end(waiting.pop(0), ended)
    elif kind == "Ready for query":
        if first[0] == "query":
            end(first, ended)
        waiting.pop(0)


def end(one, ended):
    ended.append((sanitized(one[1]), one[2], one[3]))


def of_span(span):
    text = span.attributes.get("db.query.text")
    return text and Exchange(sanitized(text) + (CUT if "spandrel.query.truncated" in span.attributes else ""), span.attributes.get("db.response.status_code", ""))
