"""
usage: python3 -P cassandra.py PORT SEED COUNT: cassandra-driver in versions 3 and 4, compressed or not: statements, prepared ones, also such as the server has forgotten, many at once,
batches, pages, traces, payloads, warnings, and what fails, at random.
"""
import random
import sys

from cassandra import InvalidRequest, RequestExecutionException
from cassandra.cluster import Cluster
from cassandra.protocol import SyntaxException
from cassandra.query import BatchStatement, SimpleStatement

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"
FAILURES = (InvalidRequest, RequestExecutionException, SyntaxException)


class Client:
    def __init__(self, cluster, version, chosen):
        self.session, self.version, self.chosen = cluster.connect("mixed"), version, chosen
        self.insert = self.session.prepare("INSERT INTO things (id, name) VALUES (?, ?)")
        self.select = self.session.prepare("SELECT name FROM things WHERE id = ?")
        self.every = self.session.prepare("SELECT id FROM things LIMIT 90")
        self.every.fetch_size = 20

    def simple(self):
        self.session.execute(self.chosen.choice((
            f"INSERT INTO things (id, name) VALUES ({self.chosen.randrange(500)}, '{SECRET}')", "SELECT * FROM things WHERE id = 7", "SELECT id, name FROM things LIMIT 100",
            f"UPDATE things SET name = '{SECRET}' WHERE id = 3", f"SELECT name FROM things WHERE name = '{SECRET}' LIMIT 3 ALLOW FILTERING")))

    def prepared(self):
        self.session.execute(self.insert, (self.chosen.randrange(500), SECRET * self.chosen.choice((1, 5000))))
        self.session.execute(self.select, (self.chosen.randrange(500),))

    def at_once(self):
        for future in [self.session.execute_async(self.select, (i,)) for i in range(self.chosen.choice((2, 10, 50)))]:
            future.result()

    def batch(self):
        batch = BatchStatement()
        for i in range(self.chosen.choice((1, 10))):
            batch.add(self.insert, (200 + i, SECRET))
            batch.add(SimpleStatement(f"DELETE FROM things WHERE id = {600 + i}"))
        self.session.execute(batch)

    def pages(self):
        list(self.session.execute(self.every))

    def traced(self):
        self.session.execute(self.select, (self.chosen.randrange(500),), trace=True)

    def with_payload(self):
        if self.version > 3:
            self.session.execute(self.select, (1,), custom_payload={"authorization": SECRET.encode(), "more": b"x" * self.chosen.choice((1, 300))})

    def warned(self):
        self.session.execute("SELECT count(*) FROM things")

    def failing(self):
        self._fails(self.chosen.choice(("SELECT * FROM nothing", "SELEC", "SELECT nothing FROM things WHERE id = 3", "SELECT max(id / 0) FROM things")),
                    trace=self.chosen.random() < 0.3)

    def failing_to_prepare(self):
        try:
            self.session.prepare("SELECT nothing FROM things WHERE id = ?")
        except FAILURES:
            return
        raise SystemExit("it did not fail")

    def _fails(self, *what, **how):
        try:
            self.session.execute(*what, **how)
        except FAILURES:
            return
        raise SystemExit("it did not fail")

    def forgotten(self):
        """What was prepared for a table is forgotten when the table changes."""
        self.session.execute(f"ALTER TABLE things ADD more{self.chosen.getrandbits(60)} int")
        self.session.execute(self.insert, (1, SECRET))
        self.session.execute(self.select, (1,))


def create():
    with Cluster(["127.0.0.1"], port=PORT, protocol_version=4) as cluster:
        session = cluster.connect()
        session.execute("CREATE KEYSPACE IF NOT EXISTS mixed WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
        session.execute("DROP TABLE IF EXISTS mixed.things")
        session.execute("CREATE TABLE mixed.things (id int PRIMARY KEY, name text)")


def main():
    chosen, done = random.Random(SEED), 0
    often = (Client.simple, Client.simple, Client.prepared, Client.prepared, Client.at_once, Client.batch, Client.pages, Client.traced, Client.with_payload, Client.warned,
             Client.failing, Client.failing_to_prepare)
    create()
    while done < COUNT:
        version, compression = chosen.choice((3, 4, 4)), chosen.choice((False, False, False, "lz4", "snappy"))
        with Cluster(["127.0.0.1"], port=PORT, protocol_version=version, compression=compression) as cluster:
            client = Client(cluster, version, chosen)
            client.forgotten()
            for _ in range(min(COUNT - done, chosen.choice((5, 50, 300)))):
                chosen.choice(often)(client)
                done += 1


main()
