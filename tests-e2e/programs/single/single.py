"""usage: python3 -P single.py PROTOCOL PORT COUNT: the plainest exchange of a protocol so many times, one after the other on one connection."""
import sys

PORT, COUNT = int(sys.argv[2]), int(sys.argv[3])


def http():
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    for _ in range(COUNT):
        connection.request("GET", "/single/bytes/100")
        connection.getresponse().read()


def postgresql():
    import psycopg

    with psycopg.connect(f"host=127.0.0.1 port={PORT} user=postgres dbname=postgres", autocommit=True) as connection:
        for _ in range(COUNT):
            connection.execute("select 'name' where 7 < 8")


def mysql():
    import pymysql

    with pymysql.connect(host="127.0.0.1", port=PORT, user="root").cursor() as cursor:
        for _ in range(COUNT):
            cursor.execute("select 'name' from dual where 7 < 8")


def redis():
    import redis

    client = redis.Redis(host="127.0.0.1", port=PORT, protocol=2)
    for _ in range(COUNT):
        client.get("key")


def mongodb():
    import pymongo

    with pymongo.MongoClient("127.0.0.1", PORT) as client:
        for _ in range(COUNT):
            client["single"].command("ping")


def cassandra():
    from cassandra.cluster import Cluster

    with Cluster(["127.0.0.1"], port=PORT, protocol_version=4) as cluster, cluster.connect("system") as session:
        select = session.prepare("SELECT release_version FROM local WHERE key = ?")
        for _ in range(COUNT):
            session.execute(select, ("local",))


def kafka():
    import confluent_kafka

    producer = confluent_kafka.Producer({"bootstrap.servers": f"127.0.0.1:{PORT}", "linger.ms": 0, "batch.num.messages": 1})
    for _ in range(COUNT):
        producer.produce("single", b"x" * 100)
        producer.flush(20)


def dns():
    import socket

    import dns.message

    asked = dns.message.make_query("name.shop.here.test", "A").to_wire()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(10)
        one.connect(("127.0.0.1", PORT))
        for _ in range(COUNT):
            one.send(asked)
            one.recv(4096)


def memcached():
    import pymemcache

    client = pymemcache.Client(("127.0.0.1", PORT))
    for _ in range(COUNT):
        client.get("key")


def mqtt():
    import paho.mqtt.client
    from paho.mqtt.enums import CallbackAPIVersion

    client = paho.mqtt.client.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    for _ in range(COUNT):
        client.publish("single", b"x" * 100, qos=1).wait_for_publish()
    client.disconnect()


def amqp():
    import pika

    password = pika.PlainCredentials("guest", "s3cr3t")
    channel = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", PORT, credentials=password)).channel()
    channel.queue_declare("single", arguments={"x-max-length": 1})
    channel.confirm_delivery()
    for _ in range(COUNT):
        channel.basic_publish("", "single", b"x" * 100)


def nats():
    import asyncio

    import nats

    async def publish():
        connection = await nats.connect(f"nats://127.0.0.1:{PORT}")
        for _ in range(COUNT):
            await connection.publish("single", b"x" * 100)
            await connection.flush()
        await connection.close()

    asyncio.run(publish())


globals()[sys.argv[1]]()
