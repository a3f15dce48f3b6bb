from ..exchange import Exchange
from ..streams import answered
from . import BUILT

DISSECTOR = "http2"
PLANTED = {"metadata": 'http2.headers.authorization contains "s3cr3t"', "message": 'http2.data.data contains "s3cr3t"'}
UNSEEN = {}
STATUSES = ("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED")


def server(_, port, __):
    return [BUILT / "grpc", "server", port]


def client(port, seed, count):
    return [BUILT / "grpc", "calls", port, seed, count]


def exchanges(messages):
    for asked, said, time in answered(messages):
        yield Exchange(asked[":path"].removeprefix("/"), STATUSES[int(said.get("grpc-status", 2))]), time


def of_span(span):
    method = span.attributes.get("rpc.method")
    return method and Exchange(method, span.attributes.get("rpc.response.status_code", ""))
