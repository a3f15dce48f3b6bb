"""
usage: http2.py PORT: httpx by HTTP/2, inside of TLS with TLS in the environment, the folder of cert.pem. Several at once on one connection. What is asked for is a line each on standard
output, TYPE NAME ERROR, and HTTP where it is no GraphQL: the oracle.
"""
import asyncio
import json
import os
import sys

import httpx

SECRET = "s3cr3t"
ROUNDS = 40
FOLDER = os.environ.get("TLS")
URL = f"{'https' if FOLDER else 'http'}://127.0.0.1:{sys.argv[1]}/graphql"


def said(kind, name="", failed=False):
    print(kind, name, "error" if failed else "", sep="\t", flush=True)


async def pieces(data):
    for at in range(0, len(data), 100):
        yield data[at : at + 100]


async def post(client, body, kind, name="", whole=True):
    data = json.dumps(body).encode()
    answer = await client.post(URL, content=data if whole else pieces(data), headers={"content-type": "application/json"})
    said(kind, name, answer.status_code == 200 and "errors" in answer.json())


async def main():
    two = 'query One { book(title: "s3cr3t") { title } } mutation Two { add(title: "s3cr3t") { title } }'
    long = "query Long { " + " ".join(f'b{i}: book(title: "{SECRET}") {{ title }}' for i in range(200)) + " }"
    book = "query Book($t: String!) { book(title: $t) { title } }"
    async with httpx.AsyncClient(http1=False, http2=True, verify=f"{FOLDER}/cert.pem" if FOLDER else False) as client:
        for _ in range(ROUNDS):
            await asyncio.gather(
                post(client, {"query": book, "variables": {"t": SECRET}}, "query", "Book"),
                post(client, {"query": book, "variables": {"t": SECRET}}, "query", "Book", whole=False),
                post(client, {"query": 'mutation Add { add(title: "") { title } }'}, "mutation", "Add"),
                post(client, {"query": two, "operationName": "Two"}, "mutation", "Two", whole=False),
                post(client, {"operationName": "Long", "variables": {}, "query": long}, "query", "Long", whole=False),
                post(client, {"query": long}, ""),
                post(client, {"query": f"query planner of {SECRET}"}, "HTTP"),
            )
            answer = await client.get(URL, params={"query": f'query Got {{ book(title: "{SECRET}") {{ title }} }}'})
            assert answer.status_code == 200 and answer.http_version == "HTTP/2", answer.text
            said("query", "Got")


asyncio.run(main())
