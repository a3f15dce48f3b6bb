"""usage: python3 -P memcached.py PORT SEED COUNT: pymemcache: what stores, many keys at once, values of some size, what is not answered, counters and what fails, at random."""
import random
import sys

import pymemcache
from pymemcache.exceptions import MemcacheClientError

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"


def failing(command, *arguments):
    try:
        command(*arguments)
    except MemcacheClientError:
        return
    raise SystemExit("it did not fail")


def command(to, chosen):
    key = f"s3cr3t:{chosen.randrange(50)}"
    # Wireshark 4.0 knows neither touch nor gat, and no value that is longer than a segment.
    chosen.choice((
        lambda: to.set(key, SECRET * chosen.choice((1, 100, 2000))),
        lambda: to.set(key, f"get {SECRET}\r\nset a 0 0 1\r\n"),
        lambda: to.get(key),
        lambda: to.get("missing"),
        lambda: to.get_many([f"s3cr3t:{i}" for i in range(chosen.choice((2, 40)))]),
        lambda: to.gets(key),
        lambda: to.cas(key, SECRET, b"1"),
        lambda: to.add(key, SECRET),
        lambda: to.replace(key, SECRET),
        lambda: to.append(key, "x"),
        lambda: to.prepend(key, "x"),
        lambda: to.delete(key),
        lambda: to.incr("counter", 3),
        lambda: to.decr("counter", 2),
        lambda: to.version(),
        lambda: to.set(key, SECRET, noreply=True),
        lambda: to.delete(key, noreply=True),
        lambda: failing(to.incr, "text", 1),
    ))()


def main():
    chosen, done = random.Random(SEED), 0
    while done < COUNT:
        client = pymemcache.Client(("127.0.0.1", PORT), default_noreply=False)
        client.set("counter", "1")
        client.set("text", SECRET)
        size = min(COUNT - done, chosen.choice((3, 40, 200)))
        for _ in range(size):
            command(client, chosen)
        client.get("missing")  # what is not answered has come then
        client.close()
        done += size


main()
