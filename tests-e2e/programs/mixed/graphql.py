"""usage: python3 -P graphql.py PORT SEED COUNT: requests of GraphQL by hand: documents, operations, names and lengths at random, in bodies and in query strings, and what only looks like it."""
import http.client
import json
import random
import sys
import urllib.parse

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"
BOOK = f'book(title: "{SECRET}") {{ title }}'
JSON = ("application/json", "application/json; charset=utf-8", "application/json")


def document(chosen):
    """(text, the operation that is asked for)."""
    name = chosen.choice(("Book", "B", "_of", "A_rather_long_name_of_an_operation_that_clients_choose"))
    title = chosen.choice((SECRET, "", "a \\\"quoted\\\" { brace }", "# none"))
    return chosen.choice((
        (f"{{ {BOOK} }}", ""),
        (f"# {SECRET}\nquery {{ {BOOK} }}", ""),
        (f"query {name} {{ {BOOK} }}", chosen.choice(("", name))),
        (f'mutation {name} {{\n  add(title: "{title}") {{ title }}\n}}', ""),
        (f"query {name}($t: String!) {{ book(title: $t) {{ ...F }} }} fragment F on Book {{ title }}", ""),
        (f"fragment F on Book {{ title }} query {name} {{ book(title: \"{title}\") {{ ...F }} }}", name),
        (f"query One {{ {BOOK} }} mutation {name} {{ add(title: \"{title}\") {{ title }} }}", chosen.choice((name, "One", ""))),
        (f"query {name} {{ " + " ".join(f"b{i}: {BOOK}" for i in range(chosen.choice((5, 100)))) + " }", chosen.choice(("", name))),
    ))


def request(chosen):
    """(method, target, body, content type)."""
    if chosen.random() < 0.1:
        return "POST", "/graphql", json.dumps(chosen.choice(({"query": {"match": SECRET}}, {"query": f"planner of {SECRET}"}, {"search": SECRET}))), JSON[0]
    if chosen.random() < 0.1:
        asked = {"query": f'query Got {{ {BOOK} }}'}
        return "GET", "/graphql?" + urllib.parse.urlencode(asked), None, ""
    if chosen.random() < 0.1:
        body = {"operationName": "Kept", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}}
        return "POST", "/graphql", json.dumps(body), JSON[0]
    text, name = document(chosen)
    body = {"operationName": name} if name else {}
    body |= {"query": text, "variables": {"t": SECRET}}
    if len(text) < 1000 and chosen.random() < 0.5:
        body = dict(chosen.sample(list(body.items()), len(body)))
    return "POST", "/graphql", json.dumps(body, indent=chosen.choice((None, 2))), chosen.choice(JSON)


def main():
    chosen, done = random.Random(SEED), 0
    while done < COUNT:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        for _ in range(min(COUNT - done, chosen.choice((1, 10, 100)))):
            method, target, body, kind = request(chosen)
            connection.request(method, target, body, {"content-type": kind} if kind else {})
            connection.getresponse().read()
            done += 1
        connection.close()


main()
