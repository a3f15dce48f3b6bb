"""usage: python3 -P kafka.py PORT SEED COUNT: librdkafka: so many small Produce requests, several in flight, batches, without acknowledgement, compressed; and consumers of what came."""
import random
import sys

import confluent_kafka
from confluent_kafka.admin import AdminClient, NewTopic

PORT, SEED, COUNT = map(int, sys.argv[1:4])
TARGET = {"bootstrap.servers": f"127.0.0.1:{PORT}"}


def produce(topic, chosen, count):
    settings = {"linger.ms": 0, "acks": chosen.choice((1, 1, -1, 0)), "compression.type": chosen.choice(("none", "none", "gzip", "lz4")),
                "batch.num.messages": chosen.choice((1, 20))}
    producer = confluent_kafka.Producer(TARGET | settings | {"client.id": f"mixed-producer-{settings['acks']}"})
    for i in range(count):
        headers = {"authorization": "s3cr3t", "traceparent": f"00-{chosen.getrandbits(128):032x}-{chosen.getrandbits(64):016x}-01"} if chosen.random() < 0.5 else None
        producer.produce(topic, "s3cr3t" * chosen.choice((1, 500)), f"s3cr3t-{i}", headers=headers)
        if chosen.random() < 0.7:
            producer.flush(20)
    producer.flush(20)


def consume(topic, count):
    consumer = confluent_kafka.Consumer(TARGET | {"client.id": "mixed-consumer", "group.id": topic, "auto.offset.reset": "earliest", "fetch.wait.max.ms": 20})
    consumer.subscribe([topic])
    for _ in range(count):
        assert consumer.poll(20) is not None
    consumer.commit(asynchronous=False)
    consumer.close()


def main():
    chosen, done, topic = random.Random(SEED), 0, f"mixed-{SEED}"
    admin = AdminClient(TARGET | {"client.id": "mixed-admin"})
    for future in admin.create_topics([NewTopic(topic, 2, 1)]).values():
        future.result(20)
    while done < COUNT:
        count = min(COUNT - done, chosen.choice((20, 100, 400)))
        produce(topic, chosen, count)
        done += count
    consume(topic, done // 2)


main()
