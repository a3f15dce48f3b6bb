"""grpcio, whose core is in C++: client.py PORT. Writes METHOD CODE of each call as this side saw it end. Messages are bytes of grpc.testing's, so that nothing has to be generated."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

SERVICE = "grpc.testing.TestService/"
CALLS = 300


def field(number, content):
    """A field of bytes, shorter than 128 of them."""
    return bytes([number << 3 | 2, len(content)]) + content


def number_field(number, value):
    """A varint below 128."""
    return bytes([number << 3, value])


def said(method, ending):
    """Calls, and says how it ended. What an ended call gives, or None."""
    try:
        result, code = ending(), grpc.StatusCode.OK
    except grpc.RpcError as error:
        result, code = None, error.code()
    os.write(1, f"{method} {code.name}\n".encode())  # whole, whichever thread it is
    return result


def unary(channel, name, request=b"", **options):
    method = SERVICE + name
    return said(method, lambda: channel.unary_unary("/" + method)(request, **options))


def main():
    """Unary calls, many at once; statuses; each kind of streaming; metadata over several frames; a cancellation; a deadline; what is not there."""
    sizes = b"".join(field(2, number_field(1, size)) for size in (9, 77, 100))
    with grpc.insecure_channel("127.0.0.1:" + sys.argv[1]) as channel, ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda i: unary(channel, "EmptyCall", metadata=[("x-number", str(i))]), range(CALLS)))
        unary(channel, "UnaryCall", field(7, number_field(1, 5) + field(2, b"not here")))
        unary(channel, "UnaryCall", field(7, number_field(1, 2) + field(2, b"who knows")))
        unary(channel, "UnimplementedCall")
        unary(channel, "EmptyCall", metadata=[("x-long", "z" * 5000)], compression=grpc.Compression.Gzip)
        method = SERVICE + "StreamingOutputCall"
        messages = said(method, lambda: list(channel.unary_stream("/" + method)(sizes)))
        assert len(messages) == 3
        method = SERVICE + "StreamingInputCall"
        said(method, lambda: channel.stream_unary("/" + method)(iter([field(1, field(2, b"x" * 100))] * 50)))
        method = SERVICE + "FullDuplexCall"
        said(method, lambda: list(channel.stream_stream("/" + method)(iter([sizes] * 20))))
        said(method, lambda: cancelled(channel.stream_stream("/" + method)(endless())))
        # It tells the server of 1.01 seconds.
        said(method, lambda: list(channel.stream_stream("/" + method)(endless(), timeout=1.001)))


def endless():
    """One request that asks for one message, and then none until the call is over."""
    yield field(2, number_field(1, 9))
    threading.Event().wait(3)


def cancelled(call):
    next(call)
    call.cancel()
    return list(call)


main()
