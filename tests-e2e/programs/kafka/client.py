"""usage: client.py PORT NAME, with MIDWAY in the environment a producer that says when it is connected: librdkafka (confluent-kafka) and kafka-python: what they send has a trace context in its headers, and values that nobody may see."""
import os
import sys
import uuid

import confluent_kafka
import kafka
from confluent_kafka.admin import AdminClient, NewTopic

TARGET = "127.0.0.1:" + sys.argv[1]
SECRET = "s3cr3t"


def traceparent():
    return f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"


def rdkafka(topic):
    admin = AdminClient({"bootstrap.servers": TARGET})
    for future in admin.create_topics([NewTopic(topic, 3, 1)]).values():
        future.result(20)
    producer = confluent_kafka.Producer({"bootstrap.servers": TARGET, "client.id": "rdkafka-producer", "linger.ms": 5})
    for i in range(60):
        producer.produce(topic, SECRET, str(i), headers={"traceparent": traceparent(), "x-secret": SECRET})
        if i % 10 == 0:
            producer.flush(20)
    producer.flush(20)
    silent = confluent_kafka.Producer({"bootstrap.servers": TARGET, "client.id": "rdkafka-silent", "acks": 0})
    for i in range(20):
        silent.produce(topic, SECRET * 1000, str(i))
        silent.flush(20)
    consumer = confluent_kafka.Consumer(
        {"bootstrap.servers": TARGET, "client.id": "rdkafka-consumer", "group.id": topic, "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    seen = 0
    while seen < 80:
        message = consumer.poll(20)
        assert message is not None and not message.error(), message
        seen += 1
    consumer.commit(asynchronous=False)
    consumer.close()


def midway(topic):
    producer = confluent_kafka.Producer({"bootstrap.servers": TARGET, "client.id": "rdkafka-midway", "linger.ms": 5})
    producer.produce(topic, SECRET)
    producer.flush(20)
    print("connected", flush=True)
    sys.stdin.readline()
    for i in range(30):
        producer.produce(topic, SECRET, str(i), headers={"traceparent": traceparent()})
        producer.flush(20)


def python(topic):
    producer = kafka.KafkaProducer(bootstrap_servers=TARGET, client_id="python-producer", compression_type="gzip")
    for i in range(30):
        producer.send(topic, SECRET.encode() * 100, headers=[("traceparent", traceparent().encode())])
    producer.flush()
    producer.close()
    consumer = kafka.KafkaConsumer(
        topic, bootstrap_servers=TARGET, client_id="python-consumer", group_id=topic, auto_offset_reset="earliest", consumer_timeout_ms=20000
    )
    for seen, _ in enumerate(consumer, 1):
        if seen == 30:
            break
    consumer.commit()
    consumer.close()


if "MIDWAY" in os.environ:
    midway(sys.argv[2] + "-midway-things")
else:
    rdkafka(sys.argv[2] + "-rdkafka-things")
    python(sys.argv[2] + "-python-things")
