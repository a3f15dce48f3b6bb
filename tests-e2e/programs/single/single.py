"""usage: python3 -P single.py PROTOCOL PORT COUNT [HTTP]: the plainest exchange of a protocol so many times, one after the other on one connection; with one of HTTP/1 with that port after each."""
import contextlib
import sys


def http(stack, port):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port)

    def exchange():
        connection.request("GET", "/single/bytes/100")
        connection.getresponse().read()

    return exchange


def postgresql(stack, port):
    import psycopg

    connection = stack.enter_context(psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", autocommit=True))
    return lambda: connection.execute("select 'name' where 7 < 8")


def mysql(stack, port):
    import pymysql

    cursor = stack.enter_context(pymysql.connect(host="127.0.0.1", port=port, user="root").cursor())
    return lambda: cursor.execute("select 'name' from dual where 7 < 8")


def redis(stack, port):
    import redis

    client = redis.Redis(host="127.0.0.1", port=port, protocol=2)
    return lambda: client.get("key")


def mongodb(stack, port):
    import pymongo

    database = stack.enter_context(pymongo.MongoClient("127.0.0.1", port))["single"]
    return lambda: database.command("ping")


def cassandra(stack, port):
    from cassandra.cluster import Cluster

    session = stack.enter_context(stack.enter_context(Cluster(["127.0.0.1"], port=port, protocol_version=4)).connect("system"))
    select = session.prepare("SELECT release_version FROM local WHERE key = ?")
    return lambda: session.execute(select, ("local",))


def kafka(stack, port):
    import confluent_kafka

    producer = confluent_kafka.Producer({"bootstrap.servers": f"127.0.0.1:{port}", "linger.ms": 0, "batch.num.messages": 1})

    def exchange():
        producer.produce("single", b"x" * 100)
        producer.flush(20)

    return exchange


def dns(stack, port):
    import socket

    import dns.message

    asked = dns.message.make_query("name.shop.here.test", "A").to_wire()
    one = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    one.settimeout(10)
    one.connect(("127.0.0.1", port))

    def exchange():
        one.send(asked)
        one.recv(4096)

    return exchange


def memcached(stack, port):
    import pymemcache

    client = pymemcache.Client(("127.0.0.1", port))
    return lambda: client.get("key")


def mqtt(stack, port):
    import paho.mqtt.client
    from paho.mqtt.enums import CallbackAPIVersion

    client = paho.mqtt.client.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    stack.callback(client.disconnect)
    return lambda: client.publish("single", b"x" * 100, qos=1).wait_for_publish()


def amqp(stack, port):
    import pika

    password = pika.PlainCredentials("guest", "s3cr3t")
    channel = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port, credentials=password)).channel()
    channel.queue_declare("single", arguments={"x-max-length": 1})
    channel.confirm_delivery()
    return lambda: channel.basic_publish("", "single", b"x" * 100)


def nats(stack, port):
    import asyncio

    import nats

    loop = stack.enter_context(contextlib.closing(asyncio.new_event_loop()))
    connection = loop.run_until_complete(nats.connect(f"nats://127.0.0.1:{port}"))

    stack.callback(lambda: loop.run_until_complete(connection.close()))

    async def publish():
        await connection.publish("single", b"x" * 100)
        await connection.flush()

    return lambda: loop.run_until_complete(publish())


def main(name, port, count, beside=""):
    with contextlib.ExitStack() as stack:
        exchange = globals()[name](stack, int(port))
        other = http(stack, int(beside)) if beside else lambda: None
        for _ in range(int(count)):
            exchange()
            other()


main(*sys.argv[1:])
