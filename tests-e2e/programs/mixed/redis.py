"""usage: python3 -P redis.py PORT SEED COUNT: redis-py by the second version of the protocol: commands, pipelines, transactions, large and nested answers, and what fails, at random."""
import random
import sys

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"
TARGET = {"host": "127.0.0.1", "port": PORT, "protocol": 2, "retry": Retry(NoBackoff(), 0)}


def commands(to, chosen):
    """One command, on a connection or in a pipeline."""
    key = f"key:{chosen.randrange(50)}"
    chosen.choice((
        lambda: to.set(key, SECRET * chosen.choice((1, 500))),
        lambda: to.get(key),
        lambda: to.mset({key: SECRET, "key:a": SECRET}),
        lambda: to.rpush("list", *[SECRET] * chosen.choice((1, 200))),
        lambda: to.lrange("list", 0, chosen.choice((0, 300))),
        lambda: to.hset("hash", mapping={f"field:{i}": SECRET for i in range(chosen.choice((1, 60)))}),
        lambda: to.hgetall("hash"),
        lambda: to.execute_command("CONFIG", "GET", "maxm*"),
        lambda: to.eval("return {1, {2, {ARGV[1]}}}", 0, SECRET),
        lambda: to.ping(),
        lambda: to.get("missing"),
        lambda: to.incr("counter"),
        lambda: to.ltrim("list", 0, 400),
    ))()


def failing(client, chosen):
    try:
        chosen.choice((
            lambda: client.lpush("hash", SECRET),
            lambda: client.evalsha("0" * 40, 0),
            lambda: client.execute_command("SET", "too few"),
            lambda: client.execute_command("AUTH", SECRET),
        ))()
    except (redis.ResponseError, redis.AuthenticationError):
        return
    raise SystemExit("it did not fail")


def main():
    chosen, done = random.Random(SEED), 0
    first = redis.Redis(**TARGET)
    first.hset("hash", "field", SECRET)
    first.close()
    while done < COUNT:
        client = redis.Redis(**TARGET, db=chosen.choice((0, 0, 3)))
        client.hset("hash", "field", SECRET)
        for _ in range(chosen.choice((3, 40, 200))):
            kind, size = chosen.random(), 1
            if kind < 0.7:
                commands(client, chosen)
            elif kind < 0.8:
                failing(client, chosen)
            else:
                with client.pipeline(transaction=kind > 0.9) as pipeline:
                    size = chosen.choice((1, 4, 10))  # Wireshark does not put arrays together that go beyond a segment
                    for _ in range(size):
                        commands(pipeline, chosen)
                    pipeline.execute()
            done += size
        client.close()


main()
