"""What a path asks for, whatever the server around it."""
import gzip
import sys

PIECE = 8000


def say(method, path, status):
    sys.stdout.write(f"{method} {path} {status}\n")  # one piece, whatever other threads say
    sys.stdout.flush()


def answer(path):
    """(status, headers, pieces of the body); the length is a header where it is known."""
    _, _, kind, argument, *_ = path.split("/")
    if kind == "status":
        status = int(argument)
        return status, {} if status in (204, 304) else {"Content-Length": "0"}, []
    if kind == "echo":
        return 200, {"Content-Length": "2"}, [b"ok"]
    size = int(argument)
    if kind == "chunks":
        return 200, {}, (b"x" * min(PIECE, size - at) for at in range(0, size, PIECE))
    if kind == "gzip":
        body = gzip.compress(b"x" * size)
        return 200, {"Content-Encoding": "gzip", "Content-Length": str(len(body))}, [body]
    return 200, {"Content-Length": str(size)}, [b"x" * size]
