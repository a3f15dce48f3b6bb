"""
usage: client.py PORT NAME: pymongo. Each command that the driver says it was answered is a line: COMMAND DATABASE COLLECTION CODE, and - for what there is none of.
Says "connected" after the first one, and goes on when a line comes in.
"""
import sys
import threading

import pymongo
from pymongo import errors, monitoring

PORT, NAME = sys.argv[1], sys.argv[2]
SECRET = "s3cr3t"
LOCK = threading.Lock()


class Log(monitoring.CommandListener):
    def __init__(self):
        self.collections = {}

    def started(self, event):
        command = event.command
        collection = command.get("collection") if event.command_name == "getMore" else command.get(event.command_name)
        named = isinstance(collection, str) and event.command_name != "noSuchCommand"
        self.collections[event.request_id] = collection if named else "-"

    def line(self, event, code):
        with LOCK:
            print(event.command_name, event.database_name, self.collections.pop(event.request_id), code, flush=True)

    def succeeded(self, event):
        failed = event.reply.get("writeErrors")
        self.line(event, failed[0]["code"] if failed else "-")

    def failed(self, event):
        self.line(event, event.failure.get("code", 8))


def failing(kind, action):
    try:
        action()
    except kind:
        return
    raise SystemExit("it did not fail")


def work(collection, first):
    for i in range(first, first + 40):
        collection.insert_one({"_id": i, "name": SECRET, "n": i})
        assert collection.find_one({"name": SECRET, "_id": i})["n"] == i
        collection.update_one({"_id": i}, {"$set": {"name": SECRET * 3}})


def main():
    with pymongo.MongoClient("127.0.0.1", int(PORT), event_listeners=[Log()], maxPoolSize=8) as client:
        database = client[NAME]
        database.command("ping")
        print("connected", flush=True)
        sys.stdin.readline()
        collection = database["things"]
        work(collection, 0)
        collection.insert_many([{"_id": 1000 + i, "name": SECRET, "n": i} for i in range(900)])
        assert len(list(collection.find({"n": {"$gte": 0}}, batch_size=50))) == 940
        assert collection.count_documents({}) == 940
        assert collection.distinct("name") and list(collection.aggregate([{"$match": {"name": SECRET}}, {"$limit": 3}]))
        collection.find_one_and_update({"_id": 1}, {"$set": {"n": -1}})
        failing(errors.DuplicateKeyError, lambda: collection.insert_one({"_id": 1, "name": SECRET}))
        failing(errors.OperationFailure, lambda: database.command("noSuchCommand", SECRET))
        failing(errors.OperationFailure, lambda: collection.aggregate([{"$noSuchStage": {"name": SECRET}}]))
        collection.insert_one({"_id": 5000, "wide": "x" * 500_000})
        assert len(collection.find_one({"_id": 5000})["wide"]) == 500_000
        threads = [threading.Thread(target=work, args=(database[f"more{i}"], 0)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        collection.delete_many({"n": {"$gt": 10}})
        database.drop_collection("things")


main()
