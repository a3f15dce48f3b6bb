"""
usage: server.py PORT: Ariadne, on graphql-core, served by uvicorn; or with HTTP2 in the environment by hypercorn, inside of TLS with TLS there, the folder of cert.pem and key.pem.
"""
import asyncio
import os
import sys

import uvicorn
from ariadne import QueryType, MutationType, SubscriptionType, make_executable_schema
from ariadne.asgi import GraphQL

query, mutation = QueryType(), MutationType()


@query.field("book")
@mutation.field("add")
def book(_, info, title):
    if not title:
        raise ValueError("no such book, s3cr3t")
    return {"title": title}


schema = make_executable_schema(
    """
    type Query { book(title: String!): Book }
    type Mutation { add(title: String!): Book }
    type Book { title: String! }
    """,
    query,
    mutation,
)
app = GraphQL(schema, execute_get_queries=True)
if "HTTP2" in os.environ:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"127.0.0.1:{sys.argv[1]}"]
    if "TLS" in os.environ:
        config.certfile, config.keyfile = (f"{os.environ['TLS']}/{name}.pem" for name in ("cert", "key"))
    asyncio.run(serve(app, config))
else:
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
