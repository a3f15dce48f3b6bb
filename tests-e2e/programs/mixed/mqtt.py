"""usage: python3 -P mqtt.py PORT SEED COUNT: paho by versions 3.1.1 and 5: each quality of service, several messages in flight, large ones, properties, and what is refused, at random."""
import random
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = b"s3cr3t"


class Connection:
    """A client that hears what it publishes itself."""

    def __init__(self, chosen, number):
        version = chosen.choice((mqtt.MQTTv311, mqtt.MQTTv5))
        self.chosen, self.name, self.five = chosen, f"mixed-{SEED}-{number}", version == mqtt.MQTTv5
        self.got, self.subscribed, self.unsubscribed = (threading.Semaphore(0) for _ in range(3))
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self.name, protocol=version, reconnect_on_failure=False)
        self.client.on_message = lambda *_: self.got.release()
        self.client.on_subscribe = lambda *_: self.subscribed.release()
        self.client.on_unsubscribe = lambda *_: self.unsubscribed.release()
        self.client.username_pw_set("s3cr3t", "s3cr3t")
        self.client.connect("127.0.0.1", PORT)
        self.client.loop_start()

    def subscribe(self, *filters):
        self.client.subscribe([(name, 2) for name in filters])
        self.subscribed.acquire()

    def publish(self, topic):
        properties = None
        if self.five and self.chosen.random() < 0.5:
            properties = Properties(PacketTypes.PUBLISH)
            properties.UserProperty = [("authorization", "s3cr3t"), ("traceparent", f"00-{self.chosen.getrandbits(128):032x}-{self.chosen.getrandbits(64):016x}-01")]
        return self.client.publish(topic, SECRET * self.chosen.choice((0, 1, 1, 300, 5000)), qos=self.chosen.randrange(3), properties=properties)

    def batch(self, size):
        """So many messages under way at once."""
        topic = f"{self.name}/{self.chosen.randrange(3)}"
        for sent in [self.publish(topic) for _ in range(size)]:
            sent.wait_for_publish()
        for _ in range(size):
            self.got.acquire()

    def end(self, refused):
        if refused:
            self.subscribe(f"forbidden/{self.name}")
        self.client.unsubscribe(f"{self.name}/#")
        self.unsubscribed.acquire()
        if refused and self.five:
            # Mosquitto 2.0 closes the connection behind its refusal.
            self.client.publish(f"forbidden/{self.name}", SECRET, qos=1).wait_for_publish()
        self.client.disconnect()
        self.client.loop_stop()


def main():
    chosen, done, number = random.Random(SEED), 0, 0
    while done < COUNT:
        connection = Connection(chosen, number)
        connection.subscribe(f"{connection.name}/#")
        for _ in range(chosen.choice((2, 10, 40))):
            size = chosen.choice((1, 1, 4, 12))
            connection.batch(size)
            done += size
        connection.end(refused=chosen.random() < 0.5)
        number += 1


main()
