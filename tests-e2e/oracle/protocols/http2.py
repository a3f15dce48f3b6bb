from ..exchange import Exchange
from ..streams import answered
from . import BUILT
from .http import of_span as of_http

DISSECTOR = "http2"
WORD = "HTTP"
PLANTED = {
    "header authorization": 'http2.headers.authorization contains "s3cr3t"',
    "cookie": 'http2.headers.cookie contains "s3cr3t"',
    "query string": 'http2.headers.path contains "=s3cr3t"',
    "body": 'http2.data.data contains "s3cr3t"',
}
UNSEEN = {}


def server(_, port, __):
    return [BUILT / "grpc", "h2c", port]


def client(port, seed, count):
    return [BUILT / "grpc", "requests", port, seed, count]


def exchanges(messages):
    for asked, said, time in answered(messages):
        yield Exchange(f"{asked[':method']} {asked[':path'].partition('?')[0]}", said.get(":status", "")), time


of_span = of_http
