from ..compare import CUT
from ..exchange import Exchange
from . import PYTHON

DISSECTOR = "http"
PLANTED = {
    "header Authorization": 'http.authorization contains "s3cr3t"',
    "cookie": 'http.cookie contains "s3cr3t"',
    "query string": 'http.request.uri contains "=s3cr3t"',
    "any header": 'http contains "X-Tenant-Id: s3cr3t"',
}
UNSEEN = {}


def server(_, port, __):
    return [PYTHON, "python/threaded_server.py", port]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/http.py", port, seed, count]


def exchanges(messages):
    waiting = []
    for message in messages:
        if method := message.first("http.request.method"):
            waiting.append((f"{method} {message.first('http.request.uri').partition('?')[0]}", message.time))
        elif (status := message.first("http.response.code")) and int(status) >= 200:
            request, time = waiting.pop(0)
            yield Exchange(request, status), time


def of_span(span):
    method = span.attributes.get("http.request.method")
    return method and Exchange(f"{method} {span.path}" + (CUT if "spandrel.target.truncated" in span.attributes else ""), str(span.attributes.get("http.response.status_code", "")))
