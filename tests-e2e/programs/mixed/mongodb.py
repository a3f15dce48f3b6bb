"""usage: python3 -P mongodb.py PORT SEED COUNT: pymongo: commands with and without sequences of documents, cursors, wide documents, and what fails, at random."""
import random
import sys

import pymongo
from pymongo import errors

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = "s3cr3t"


def failing(action):
    try:
        action()
    except errors.PyMongoError:
        return
    raise SystemExit("it did not fail")


def main():
    chosen, number = random.Random(SEED), 0
    with pymongo.MongoClient("127.0.0.1", PORT, maxPoolSize=1) as client:
        database = client["mixed"]
        for number in range(COUNT):
            things = database[f"things{chosen.randrange(3)}"]
            chosen.choice((
                lambda: things.insert_one({"_id": SEED * 10_000_000 + number, "name": SECRET * chosen.choice((1, 2000)), "n": number % 10}),
                lambda: things.insert_many([{"name": SECRET, "n": 3} for _ in range(chosen.choice((1, 40)))]),
                lambda: list(things.find({"n": chosen.randrange(10)}, batch_size=chosen.choice((2, 100)), limit=30)),
                lambda: things.find_one({"name": SECRET}),
                lambda: things.update_one({"n": 3}, {"$set": {"name": SECRET}}),
                lambda: things.delete_many({"n": chosen.randrange(10)}),
                lambda: things.count_documents({"n": 1}),
                lambda: database.command("ping"),
                lambda: failing(lambda: database.command("noSuchCommand", SECRET)),
                lambda: failing(lambda: things.aggregate([{"$noSuchStage": {"name": SECRET}}])),
            ))()


main()
