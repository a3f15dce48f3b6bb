"""
usage: client.py PORT: gql's client over requests, and requests alone for what that does not do. What is asked for is a line each on standard output, TYPE NAME ERROR, and HTTP
where it is no GraphQL: the oracle.
"""
import json
import sys

import requests
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport

URL = f"http://127.0.0.1:{sys.argv[1]}/graphql"
SECRET = "s3cr3t"
ROUNDS = 60
session = requests.Session()


def said(kind, name="", failed=False):
    print(kind, name, "error" if failed else "", sep="\t", flush=True)


def ask(client, kind, name, text, **more):
    request = gql(text)
    for key, value in more.items():
        setattr(request, key, value)
    try:
        client.execute(request)
        said(kind, name)
    except TransportQueryError:
        said(kind, name, True)


def post(body, kind, name="", chunked=False, **headers):
    data = json.dumps(body).encode()
    answer = session.post(
        URL, data=(data[i : i + 100] for i in range(0, len(data), 100)) if chunked else data, headers={"content-type": "application/json", **headers}
    )
    said(kind, name, "errors" in answer.json())


def main():
    client = Client(transport=RequestsHTTPTransport(url=URL, use_json=True))
    two = 'query One { book(title: "s3cr3t") { title } } mutation Two { add(title: "s3cr3t") { title } }'
    long = "query Long { " + " ".join(f'b{i}: book(title: "{SECRET}") {{ title }}' for i in range(200)) + " }"
    for _ in range(ROUNDS):
        ask(client, "query", "Book", "query Book($t: String!) { book(title: $t) { title } }", variable_values={"t": SECRET})
        ask(client, "query", "", '{ book(title: "s3cr3t") { title } }')
        ask(client, "mutation", "Add", 'mutation Add { add(title: "") { title } }')
        ask(client, "mutation", "Two", two, operation_name="Two")
        post({"operationName": "Long", "variables": {}, "query": long}, "query", "Long")
        post({"query": long}, "")  # cut before it is sure that there is no other
        post({"query": two, "variables": {"x": SECRET}, "operationName": "One"}, "query", "One", chunked=True)
        post({"query": "query Expected { book(title: \"s3cr3t\") { title } }"}, "query", "Expected", expect="100-continue")
        answer = session.get(URL, params={"query": f'query Got {{ book(title: "{SECRET}") {{ title }} }}', "variables": json.dumps({"a": SECRET})})
        assert answer.status_code == 200, answer.text
        said("query", "Got")
        post({"operationName": "Kept", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}}, "", "Kept")
        session.post(URL, json={"query": f"query planner of {SECRET}"})
        session.post(URL, json={"query": {"match": SECRET}})
        session.get(URL, params={"query": f'{{app="{SECRET}"}}'})
        for _ in range(3):
            said("HTTP")


main()
