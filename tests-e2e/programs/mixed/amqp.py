"""usage: python3 -P amqp.py PORT SEED COUNT: pika: messages published, confirmed, fetched and delivered, large ones, declarations, and what is refused or comes back, at random."""
import random
import sys

import pika
from pika import exceptions

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = b"s3cr3t"


class Connection:
    def __init__(self, chosen, number):
        self.chosen, self.name = chosen, f"mixed.{SEED}.{number}"
        # The password is nowhere but in the first frames of a connection.
        self.connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", PORT, credentials=pika.PlainCredentials("guest", "s3cr3t")))
        self.channel = self.connection.channel()
        self.channel.queue_declare(self.name)
        self.channel.exchange_declare("mixed", "topic")
        self.channel.queue_bind(self.name, "mixed", f"{self.name}.*")
        self.channel.basic_qos(prefetch_count=10)
        if chosen.random() < 0.5:
            self.channel.confirm_delivery()

    def publish(self, exchange, key):
        headers = {"authorization": "s3cr3t", "priority": 3}
        if self.chosen.random() < 0.5:
            headers["traceparent"] = f"00-{self.chosen.getrandbits(128):032x}-{self.chosen.getrandbits(64):016x}-01"
        self.channel.basic_publish(exchange, key, SECRET * self.chosen.choice((0, 1, 300, 30_000)), pika.BasicProperties(headers=headers, message_id="s3cr3t"))

    def batch(self, size):
        for _ in range(size):
            self.publish(*self.chosen.choice((("", self.name), ("mixed", f"{self.name}.new"))))
        if self.chosen.random() < 0.3:
            for _ in range(size):
                method, _, _ = self.channel.basic_get(self.name)
                if method:
                    self.channel.basic_ack(method.delivery_tag)

    def consume(self, count):
        for method, _, _ in self.channel.consume(self.name, inactivity_timeout=1):
            if method is None:
                break
            self.chosen.choice((self.channel.basic_ack, self.channel.basic_ack, lambda tag: self.channel.basic_nack(tag, requeue=False)))(method.delivery_tag)
            count -= 1
            if count <= 0:
                break
        self.channel.cancel()

    def refused(self):
        channel = self.connection.channel()
        try:
            channel.queue_declare(f"{self.name}.missing", passive=True)
        except exceptions.ChannelClosedByBroker:
            return
        raise SystemExit("it was not refused")

    def end(self):
        self.channel.queue_purge(self.name)
        self.channel.queue_delete(self.name)
        self.channel.close()
        self.connection.close()


def main():
    chosen, done, number = random.Random(SEED), 0, 0
    while done < COUNT:
        connection = Connection(chosen, number)
        for _ in range(chosen.choice((2, 10, 30))):
            size = chosen.choice((1, 4, 12))
            connection.batch(size)
            done += size
        connection.consume(chosen.choice((1, 20, 100)))
        if chosen.random() < 0.5:
            connection.refused()
        connection.end()
        number += 1


main()
