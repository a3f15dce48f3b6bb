"""
usage: client.py LIBRARY PORT INDEX: elasticsearch-py or opensearch-py, as LIBRARY says. What it calls is a line each on standard output, NAME INDEX STATUS, by the names
that the libraries' specification has for it: the oracle.
"""
import importlib
import sys

LIBRARY, PORT, INDEX = sys.argv[1], sys.argv[2], sys.argv[3]
SECRET = "s3cr3t"
ROUNDS = 60

module = importlib.import_module(LIBRARY)
client = getattr(module, {"elasticsearch": "Elasticsearch", "opensearchpy": "OpenSearch"}[LIBRARY])(f"http://127.0.0.1:{PORT}")


def call(name, index, action, status=200):
    try:
        answer = action()
        assert status < 400, f"{name} did not fail"
        if name.split(".")[-1].startswith("exists") and not answer:
            status = 404
    except module.ApiError if LIBRARY == "elasticsearch" else module.TransportError as e:
        said = e.status_code
        assert said == status, f"{name}: {e}"
    print(name, index, status, sep="\t", flush=True)


def with_body(function, **body):
    """The libraries differ in how a body is given."""
    if LIBRARY == "elasticsearch":
        return lambda **where: function(**where, **body)
    return lambda **where: function(**where, body=body)


def main():
    if LIBRARY == "elasticsearch":
        document = {"document": {"name": SECRET}}
        operations = "operations"
    else:
        document = {"body": {"name": SECRET}}
        operations = "body"
    call("info", "", client.info)
    call("ping", "", client.ping)
    call("indices.create", INDEX, lambda: client.indices.create(index=INDEX))
    call("indices.exists", INDEX, lambda: client.indices.exists(index=INDEX))
    call("indices.exists", "nothing", lambda: client.indices.exists(index="nothing"))
    call("cluster.health", "", client.cluster.health)
    call("cat.indices", "", client.cat.indices)
    call("indices.get_mapping", INDEX, lambda: client.indices.get_mapping(index=INDEX))
    for i in range(ROUNDS):
        call("index", INDEX, lambda: client.index(index=INDEX, id=str(i), **document), 201)
        call("get", INDEX, lambda: client.get(index=INDEX, id=str(i)))
        call("get", INDEX, lambda: client.get(index=INDEX, id="none"), 404)
        call("exists", INDEX, lambda: client.exists(index=INDEX, id=str(i)))
        lines = [{"index": {"_index": INDEX}}, {"name": SECRET}] * 20
        call("bulk", "", lambda: client.bulk(**{operations: lines}))
        call("search", INDEX, lambda: with_body(client.search, query={"match": {"name": SECRET}})(index=INDEX))
        call("search", f"{INDEX},{INDEX}", lambda: with_body(client.search, size=500)(index=f"{INDEX},{INDEX}"))
        call("search", "nothing", lambda: client.search(index="nothing"), 404)
        call("search", INDEX, lambda: with_body(client.search, query={"no such": {}})(index=INDEX), 400)
        call("count", INDEX, lambda: client.count(index=INDEX))
        call("indices.refresh", INDEX, lambda: client.indices.refresh(index=INDEX))
    call("delete", INDEX, lambda: client.delete(index=INDEX, id="0"))
    call("indices.delete", INDEX, lambda: client.indices.delete(index=INDEX))


main()
