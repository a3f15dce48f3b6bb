"""usage: python3 -P elasticsearch.py PORT SEED COUNT: requests to Elasticsearch by hand: documents, searches, counts, bulks, indices and plugins' paths, that are there or not, at random."""
import http.client
import json
import random
import sys

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"
INDICES = ("books", "old-books", "nothing")


def lines(chosen):
    each = json.dumps({"index": {"_index": "books", "_id": str(chosen.randrange(200))}}) + "\n" + json.dumps({"name": SECRET * chosen.choice((1, 50))}) + "\n"
    return each * chosen.choice((1, 5, 60))


def request(chosen):
    """(method, target, body)."""
    index, number = chosen.choice(INDICES), chosen.randrange(200)
    document = json.dumps({"name": SECRET * chosen.choice((1, 500)), "pages": number})
    query = json.dumps(chosen.choice(({"query": {"match": {"name": SECRET}}}, {"size": 30}, {"query": {"no such": {}}})))
    return chosen.choice((
        ("PUT", f"/books/_doc/{number}", document), ("PUT", f"/old-books/_doc/{number}?refresh=false", document), ("POST", "/books/_doc", document),
        ("GET", f"/{index}/_doc/{number}", None), ("HEAD", f"/{index}/_doc/{number}", None), ("DELETE", f"/{index}/_doc/{number}", None),
        ("POST", f"/{index}/_update/{number}", json.dumps({"doc": {"name": SECRET}})), ("POST", f"/{index}/_search", query), ("GET", f"/{index}/_search?q=name:{SECRET}", None),
        ("POST", "/books,old-books/_search?typed_keys=true", query), ("POST", "/_search", query), ("GET", f"/{index}/_count", None), ("POST", "/_bulk", lines(chosen)),
        ("POST", f"/{index}/_mget", json.dumps({"ids": ["1", "2"]})), ("GET", f"/{index}/_mapping", None), ("GET", "/_cluster/health", None), ("GET", "/_cat/indices?format=json", None),
        ("GET", "/", None), ("HEAD", "/", None), ("HEAD", f"/{index}", None), ("GET", "/_plugin/of/somebody", None), ("POST", f"/{index}/_refresh", None)))


def main():
    chosen, done = random.Random(SEED), 0
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    for index in INDICES[:2]:
        connection.request("PUT", f"/{index}", json.dumps({"settings": {"number_of_shards": 1, "number_of_replicas": 0}}), {"content-type": "application/json"})
        connection.getresponse().read()
    while done < COUNT:
        for _ in range(min(COUNT - done, chosen.choice((1, 10, 100)))):
            method, target, body = request(chosen)
            connection.request(method, target, body, {"content-type": "application/x-ndjson" if "_bulk" in target else "application/json"} if body else {})
            connection.getresponse().read()
            done += 1
        connection.close()


main()
