"""GraphQL over HTTP: Wireshark gives the bodies; the operation is found here, by regular expressions."""

import json
import re
import urllib.parse

from ..exchange import Exchange
from . import PYTHON

DISSECTOR, BODY = "http", "json"
PLANTED = {"document": 'json.value.string contains "s3cr3t\\""', "variable": 'json.member_with_value == "t:s3cr3t"', "query string": 'http.request.uri contains "s3cr3t"',
           "result": 'http.response && json.value.string == "s3cr3t"'}
UNSEEN = {}
KEPT = 2048  # of a body: what comes behind is not read
STRINGS, BRACES = re.compile(r'"(?:[^"\\]|\\.)*"|#[^\n]*'), re.compile(r"\{[^{}]*\}|\([^()]*\)")
DEFINITION = re.compile(r"\s*(?:(query|mutation|subscription)\b\s*(\w*)|(fragment) \w+ on \w+)?[\s;]*!\s*")
HTTP = "HTTP"


def server(_, port, __):
    return [PYTHON, "graphql/server.py", port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/graphql.py", port, seed, count]


def exchanges(messages):
    waiting = []
    for message in messages:
        if method := message.first("http.request.method"):
            waiting.append((f"{method} {asked(message)}", message.time))
        elif (status := message.first("http.response.code")) and int(status) >= 200:
            request, time = waiting.pop(0)
            failed = "errors" in body(message) and not request.endswith(HTTP)
            yield Exchange(request, "_OTHER" if failed else status), time


def asked(message):
    """Type and name, as far as they are sure."""
    uri = message.first("http.request.uri")
    if "?" in uri:
        asks = dict(urllib.parse.parse_qsl(uri.partition("?")[2]))
        document, name = asks.get("query", ""), asks.get("operationName", "")
    else:
        asks = body(message)
        document, name = asks.get("query", ""), asks.get("operationName", "")
        if "extensions" in asks:
            return f" {name}"
    cut = int(message.first("http.content_length", "0")) > KEPT
    found = operations(document)
    if cut and not name:
        return " "
    chosen = [one for one in found if one[1] == name] if name else found
    if not found:
        return HTTP
    return " ".join(chosen[0]) if len(chosen) == 1 else " "


def body(message):
    """Wireshark's fields of JSON would have no ends of lines, which comments need."""
    return json.loads(message.first("http.file_data", "{}"))


def operations(document):
    """[(type, name)] of a document; none, if it is no GraphQL."""
    text = STRINGS.sub(" ", document if isinstance(document, str) else "-")
    while (less := BRACES.sub(lambda found: "!" if found[0][0] == "{" else " ", text)) != text:
        text = less
    found, at = [], 0
    while definition := DEFINITION.match(text, at):
        at = definition.end()
        if not definition[3]:
            found.append((definition[1] or "query", definition[2] or ""))
    return found if at == len(text) else []


def of_span(span):
    about = span.attributes
    if "http.request.method" not in about or not span.path.startswith("/graphql"):
        return None
    told = span.name != about["http.request.method"]
    what = f"{about.get('graphql.operation.type', '')} {about.get('graphql.operation.name', '')}" if told else HTTP
    status = str(about.get("http.response.status_code", ""))
    return Exchange(f"{about['http.request.method']} {what}", "_OTHER" if about.get("error.type") == "_OTHER" else status)
