"""Ariadne, on graphql-core, served by uvicorn. usage: server.py PORT"""
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
uvicorn.run(GraphQL(schema, execute_get_queries=True), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
