"""usage: python3 -P jsonrpc.py PORT SEED COUNT: JSON-RPC by hand: calls, notifications, batches, orders of members, lengths and failures at random, and what only looks like it."""
import http.client
import json
import random
import sys

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"


def call(chosen, number):
    method = chosen.choice(("Words.Echo", "Words.Echo", "Words.Fail", "Words.Nothing"))
    members = {"jsonrpc": "2.0", "method": method, "params": [SECRET, "x" * chosen.choice((0, 20, 400))]}
    if chosen.random() < 0.8:
        members["id"] = chosen.choice((number, f"id-{number}"))
    return dict(chosen.sample(list(members.items()), len(members))) if chosen.random() < 0.5 else members


def body(chosen, number):
    kind = chosen.random()
    if kind < 0.1:
        return chosen.choice(({"log": {"jsonrpc": "2.0", "method": SECRET}}, {"jsonrpc": "1.0", "method": "Words.Echo", "params": [SECRET], "id": 1}, [SECRET]))
    if kind < 0.25:
        return [call(chosen, number + i) for i in range(chosen.choice((1, 2, 3, 12)))]
    if kind < 0.35:
        long = {"params": [SECRET, "x" * 3000], "method": "Words.Echo", "id": number}
        return chosen.choice(({"jsonrpc": "2.0", "method": "Words.Echo"} | long, long | {"jsonrpc": "2.0"}))
    return call(chosen, number)


def main():
    chosen, done = random.Random(SEED), 0
    while done < COUNT:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        for _ in range(min(COUNT - done, chosen.choice((1, 10, 100)))):
            connection.request("POST", "/RPC2", json.dumps(body(chosen, done), indent=chosen.choice((None, None, 1))), {"content-type": "application/json"})
            connection.getresponse().read()
            done += 1
        connection.close()


main()
