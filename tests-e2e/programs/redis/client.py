"""usage: client.py PORT: redis-py, by both versions of the protocol, also midway in a connection: pipelines, transactions, subscriptions, nested and large answers, errors."""
import os
import sys

import redis

SECRET = "s3cr3t"


def failing(command, *arguments):
    try:
        command(*arguments)
    except redis.ResponseError:
        return
    raise SystemExit(f"{command} did not fail")


def main(protocol):
    client = redis.Redis(host="127.0.0.1", port=int(sys.argv[1]), protocol=protocol, decode_responses=True)
    if "MIDWAY" in os.environ:
        client.ping()
        print("connected", flush=True)
        sys.stdin.readline()
    for i in range(50):
        client.set(f"key:{i}", SECRET)
        client.get(f"key:{i}")
    client.mset({"a": SECRET, "b": SECRET})
    client.hset("hash", mapping={f"field:{i}": SECRET for i in range(100)})
    client.hgetall("hash")
    client.delete("list")
    client.rpush("list", *[SECRET * 100] * 1000)
    client.lrange("list", 0, -1)
    client.set("large", SECRET * 500000)
    client.get("large")
    client.get("missing")
    client.execute_command("COMMAND")
    client.execute_command("CONFIG", "GET", "max*")
    list(client.scan_iter(count=10))
    client.blpop("nothing", timeout=0.05)
    failing(client.lpush, "a", SECRET)
    failing(client.evalsha, "0" * 40, 0)
    failing(client.execute_command, "SET", "too few")
    client.eval("return {1, {2, {ARGV[1]}}}", 0, SECRET)
    with client.pipeline(transaction=False) as pipeline:
        for i in range(450):
            pipeline.set(f"key:{i}", SECRET).get(f"key:{i}")
        pipeline.execute()
    with client.pipeline(transaction=True) as pipeline:
        pipeline.incr("counter").lrange("list", 0, 10).hgetall("hash")
        pipeline.execute()
    with client.pubsub() as subscriptions:
        subscriptions.subscribe("news", "more")
        subscriptions.psubscribe("n*")
        for _ in range(3):
            subscriptions.get_message(timeout=5)
        for i in range(20):
            client.publish("news", SECRET)
        for _ in range(40):
            assert subscriptions.get_message(timeout=5)["data"] == SECRET
        subscriptions.ping()
        subscriptions.unsubscribe()
        for _ in range(3):
            subscriptions.get_message(timeout=5)
    client.close()
    other = redis.Redis(host="127.0.0.1", port=int(sys.argv[1]), protocol=protocol, db=3)
    other.set("in another database", SECRET)
    other.close()


main(2)
if "MIDWAY" not in os.environ:
    main(3)
