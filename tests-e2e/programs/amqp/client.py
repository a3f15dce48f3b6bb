"""usage: client.py PORT NAME: pika. What it did is a line: OPERATION DESTINATION BYTES ERROR, as far as there is one of each."""
import os
import sys

import pika
from pika import exceptions

PORT, NAME = int(sys.argv[1]), sys.argv[2]
SECRET = b"s3cr3t"


def say(*words):
    print(*words, flush=True)


def publish(channel, exchange, key, body, number=-1):
    headers = {"authorization": "s3cr3t", "priority": 3}
    if number >= 0:
        headers["traceparent"] = f"00-{0xabc0 + number:032x}-{0xdef0 + number:016x}-01"
    channel.basic_publish(exchange, key, body, pika.BasicProperties(content_type="text/plain", headers=headers), mandatory=True)
    say("publish", ":".join(filter(None, (exchange, key))), len(body))


def refused(channel):
    try:
        channel.queue_declare(f"{NAME}.missing", passive=True)
    except exceptions.ChannelClosedByBroker:
        say("queue.declare", f"{NAME}.missing", "NOT_FOUND")


def main():
    connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", PORT, credentials=pika.PlainCredentials("guest", "s3cr3t")))
    channel = connection.channel()
    if "MIDWAY" in os.environ:
        say("connected")
        sys.stdin.readline()
    else:
        say("connection.open")
        say("channel.open")
    things, shop = f"{NAME}.things", f"{NAME}.shop"
    channel.queue_declare(things)
    say("queue.declare", things)
    channel.exchange_declare(shop, "topic")
    say("exchange.declare", shop)
    channel.queue_bind(things, shop, "orders.*")
    say("queue.bind", things)
    channel.confirm_delivery()
    say("confirm.select")
    channel.basic_qos(prefetch_count=10)
    say("qos")
    for i in range(60):
        publish(channel, shop, "orders.new", SECRET, i)
        publish(channel, "", things, SECRET * i)
    publish(channel, "", things, SECRET * 100_000)
    for _ in range(20):
        method, _, body = channel.basic_get(things)
        say("get", things)
        channel.basic_ack(method.delivery_tag)
        say("ack")
    say("consume", things)
    for method, _, body in channel.consume(things):
        say("deliver", ":".join(filter(None, (method.exchange, method.routing_key))), len(body))
        channel.basic_ack(method.delivery_tag)
        say("ack")
        if len(body) == 600_000:
            break
    channel.cancel()
    say("cancel")
    try:
        publish(channel, shop, "nobody", SECRET)
    except exceptions.UnroutableError:
        say("publish", f"{shop}:nobody", 6)
        say("return", f"{shop}:nobody", "NO_ROUTE")
    channel.queue_purge(things)
    say("queue.purge", things)
    channel.close()
    say("channel.close")
    refuser = connection.channel()
    say("channel.open")
    refused(refuser)
    connection.close()
    say("connection.close")


main()
