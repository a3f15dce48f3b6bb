"""usage: client.py PORT: pymemcache: many keys at once, what is not answered, counters, errors, meta commands that may be quiet, pipelined."""
import os
import socket
import sys

import pymemcache
from pymemcache.exceptions import MemcacheClientError, MemcacheServerError

PORT = int(sys.argv[1])
NAME = "midway" if "MIDWAY" in os.environ else "python"
SECRET = "s3cr3t"


def failing(kind, command, *arguments, **options):
    try:
        command(*arguments, **options)
    except kind:
        return
    raise SystemExit(f"{command} did not fail")


def meta():
    """Quiet commands have no answer, or one that comes before that of the next mn."""
    with socket.create_connection(("127.0.0.1", PORT)) as connection:
        lines = connection.makefile("rwb")
        for batch in range(20):
            lines.write(b"ms quiet%d 6 q\r\ns3cr3t\r\nmg quiet%d v q\r\nmg missing v q\r\nmd missing q\r\nmn\r\n" % (batch, batch))
            lines.write(b"mg q v\r\nms loud 6 T0\r\ns3cr3t\r\nmg loud v k O1\r\nmn\r\n")
            lines.flush()
            for line in (b"VA 6", b"s3cr3t", b"NF", b"MN", b"EN", b"HD", b"VA 6 kloud O1", b"s3cr3t", b"MN"):
                assert lines.readline().strip() == line
        lines.write(b"nonsense\r\n")
        lines.flush()
        assert lines.readline().strip() == b"ERROR"


def main():
    client = pymemcache.Client(("127.0.0.1", PORT), default_noreply=False)
    client.version()
    if NAME == "midway":
        print("connected", flush=True)
        sys.stdin.readline()
    for i in range(50):
        client.set(f"{NAME}:{i}", SECRET)
        assert client.get(f"{NAME}:{i}").decode() == SECRET
    client.set_many({f"{NAME}:many:{i}": SECRET * 50 for i in range(60)}, noreply=False)
    assert len(client.get_many([f"{NAME}:many:{i}" for i in range(60)])) == 60
    for i in range(20):
        client.set("unanswered", f"get {i}\r\nget {i}", noreply=True)
    client.set("large", SECRET * 100_000)
    assert len(client.get("large")) == 600_000
    assert client.get("missing") is None
    client.add("added", SECRET)
    client.replace("added", SECRET)
    client.append("added", SECRET)
    client.prepend("added", SECRET)
    value, unique = client.gets("added")
    assert client.cas("added", SECRET, unique) and not client.cas("added", SECRET, unique)
    client.set("counter", "1")
    client.incr("counter", 5)
    client.decr("counter", 2)
    client.touch("counter", 100)
    client.raw_command("gat 100 counter", "END\r\n")
    client.delete("counter")
    client.set("x" * 245, SECRET)
    client.get("x" * 245)
    client.stats()
    failing(MemcacheServerError, client.set, "toolarge", SECRET * 1_000_000)
    failing(MemcacheClientError, client.incr, "added", 1)
    meta()
    client.quit()


main()
