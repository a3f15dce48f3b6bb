"""Elasticsearch over HTTP: Wireshark gives method and path; what clients call it is told here by a few patterns."""

import re

from stage.stage import free_port

from ..exchange import Exchange
from . import BUILT, PYTHON

DISSECTOR = "http"
PLANTED = {"document": 'http.request && tcp.payload contains "s3cr3t"', "query string": 'http.request.uri contains "s3cr3t"', "result": 'http.response && tcp.payload contains "s3cr3t"'}
UNSEEN = {}
INDEX = r"/(?P<index>[^_/][^/]*)"
OPERATIONS = [(method, re.compile(path + r"/?$"), name) for method, path, name in (
    ("GET", "", "info"), ("HEAD", "", "ping"), ("GET|POST", f"(?:{INDEX})?/_search", "search"), ("GET|POST", f"(?:{INDEX})?/_count", "count"), ("POST", f"(?:{INDEX})?/_bulk", "bulk"),
    ("PUT|POST", f"{INDEX}/_doc/[^/]+", "index"), ("POST", f"{INDEX}/_doc", "index"), ("GET", f"{INDEX}/_doc/[^/]+", "get"), ("HEAD", f"{INDEX}/_doc/[^/]+", "exists"),
    ("DELETE", f"{INDEX}/_doc/[^/]+", "delete"), ("POST", f"{INDEX}/_update/[^/]+", "update"), ("GET|POST", f"(?:{INDEX})?/_mget", "mget"), ("GET|POST", f"(?:{INDEX})?/_refresh", "indices.refresh"),
    ("GET", f"(?:{INDEX})?/_mapping", "indices.get_mapping"), ("GET", "/_cluster/health", "cluster.health"), ("GET", "/_cat/indices", "cat.indices"), ("PUT", INDEX, "indices.create"),
    ("DELETE", INDEX, "indices.delete"), ("GET", INDEX, "indices.get"), ("HEAD", INDEX, "indices.exists"))]


def server(files, port, _):
    return ["sh", "elasticsearch/server.sh", "elasticsearch", BUILT / "elasticsearch", files, port, free_port()]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/elasticsearch.py", port, seed, count]


def exchanges(messages):
    waiting = []
    for message in messages:
        if method := message.first("http.request.method"):
            waiting.append((asked(method, message.first("http.request.uri").partition("?")[0]), message.time))
        elif (status := message.first("http.response.code")) and int(status) >= 200:
            request, time = waiting.pop(0)
            yield Exchange(request, status), time


def asked(method, path):
    for methods, pattern, name in OPERATIONS:
        if method in methods.split("|") and (found := pattern.match(path.rstrip("/"))):
            return f"{method} {name} {found.groupdict().get('index') or ''}"
    return f"{method}  "


def of_span(span):
    about = span.attributes
    if about.get("db.system.name") != "elasticsearch":
        return None
    return Exchange(f"{about.get('http.request.method', '')} {about.get('db.operation.name', '')} {about.get('db.collection.name', '')}", str(about.get("db.response.status_code", "")))
