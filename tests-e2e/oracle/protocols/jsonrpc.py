"""JSON-RPC over HTTP: Wireshark's JSON dissector gives what a body has."""

from ..exchange import Exchange
from . import PYTHON
from .graphql import HTTP, KEPT

DISSECTOR, BODY = "http", "json"
PLANTED = {"parameter": 'http.request && json.value.string == "s3cr3t"', "result": 'http.response && json.value.string == "s3cr3t"', "message": 'json.member_with_value == "message:s3cr3t"'}
UNSEEN = {}


def server(_, port, __):
    return [PYTHON, "jsonrpc/server.py", port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/jsonrpc.py", port, seed, count]


def exchanges(messages):
    waiting = []
    for message in messages:
        if message.first("http.request.method"):
            waiting.append((asked(message), message.time))
        elif (status := message.first("http.response.code")) and int(status) >= 200:
            request, time = waiting.pop(0)
            code = "" if request == HTTP else next(values(message, "/error/code:"), "")
            yield Exchange(request, code or ("" if status == "200" else status)), time


def asked(message):
    """The method, if all have the same, and it is sure that there are no more; our clients say at once that it is JSON-RPC, or behind what is read of a body."""
    long = int(message.first("http.content_length", "0")) > KEPT
    paths = [text for field, text, _ in message.fields if field == "json.path_with_value"]
    batch = any(path.startswith("/[]/jsonrpc:2.0") for path in paths)
    if not batch and (not any(path.startswith("/jsonrpc:2.0") for path in paths) or long and not paths[0].startswith("/jsonrpc:")):
        return HTTP
    methods = set(values(message, "/[]/method:" if batch else "/method:"))
    return methods.pop() if len(methods) == 1 and not (batch and long) else ""


def values(message, start):
    return (text[len(start) :] for field, text, _ in message.fields if field == "json.path_with_value" and text.startswith(start))


def of_span(span):
    about = span.attributes
    if "http.request.method" not in about or span.path != "/RPC2":
        return None
    status = str(about.get("http.response.status_code", ""))
    told = about.get("rpc.system.name") == "jsonrpc"
    return Exchange(about.get("rpc.method", "") if told else HTTP, about.get("rpc.response.status_code", "") or ("" if status == "200" else status))
