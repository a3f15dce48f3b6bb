"""
usage: client.py PORT KEYSPACE VERSION [COMPRESSION]: cassandra-driver. Statements, prepared ones, batches, pages, failures, many at once, and answers longer than a segment.
With MIDWAY in the environment it says "connected" when it has prepared its statements, and goes on when a line comes in.
"""
import os
import sys
import uuid

from cassandra import InvalidRequest
from cassandra.cluster import Cluster
from cassandra.query import BatchStatement

PORT, KEYSPACE, VERSION = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
SECRET = "s3cr3t"


def failing(kind, action):
    try:
        action()
    except kind:
        return
    raise SystemExit("it did not fail")


def main():
    compression = sys.argv[4] if len(sys.argv) > 4 else False
    with Cluster(["127.0.0.1"], port=PORT, protocol_version=VERSION, compression=compression) as cluster:
        session = cluster.connect()
        session.execute(f"CREATE KEYSPACE {KEYSPACE} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}")
        session.set_keyspace(KEYSPACE)
        session.execute("CREATE TABLE things (id int PRIMARY KEY, name text, key uuid)")
        insert = session.prepare("INSERT INTO things (id, name, key) VALUES (?, ?, ?)")
        select = session.prepare("SELECT name FROM things WHERE id = ?")
        if "MIDWAY" in os.environ:
            print("connected", flush=True)
            sys.stdin.readline()
        for i in range(60):
            session.execute(insert, (i, SECRET, uuid.uuid4()))
            assert session.execute(select, (i,)).one().name == SECRET
        # Fewer at once than the kernel keeps of one connection.
        for _ in range(6):
            for future in [session.execute_async(select, (i,)) for i in range(50)]:
                assert len(future.result().all()) == 1
        session.execute(f"INSERT INTO things (id, name, key) VALUES (100, '{SECRET}', {uuid.uuid4()})")
        assert session.execute(f"SELECT name FROM things WHERE name = '{SECRET}' LIMIT 3 ALLOW FILTERING").one()
        every = session.prepare("SELECT id FROM things")
        every.fetch_size = 20
        assert len(list(session.execute(every))) == 61
        batch = BatchStatement()
        for i in range(10):
            batch.add(insert, (200 + i, SECRET, None))
        session.execute(batch)
        failing(InvalidRequest, lambda: session.execute("SELECT * FROM nothing"))
        failing(InvalidRequest, lambda: session.prepare("SELECT nothing FROM things"))
        failing(InvalidRequest, lambda: session.execute("SELECT * FROM things WHERE name = 'no index'"))
        session.execute(insert, (300, "x" * 400_000, None))
        assert len(session.execute(select, (300,)).one().name) == 400_000
        session.execute(select, (1,), trace=False)


main()
