"""usage: client.py PORT: paho by version 5: each quality of service, properties, a large message, what is refused."""
import os
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

NAME = "midway-python" if "MIDWAY" in os.environ else "python"
SECRET = b"s3cr3t"
GOT = threading.Semaphore(0)
SUBSCRIBED = threading.Semaphore(0)


def connected():
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=NAME, protocol=mqtt.MQTTv5)
    client.on_message = lambda *_: GOT.release()
    client.on_subscribe = lambda *_: SUBSCRIBED.release()
    client.username_pw_set("user", "s3cr3t")
    client.connect("127.0.0.1", int(sys.argv[1]))
    client.loop_start()
    return client


def main():
    client = connected()
    client.subscribe(f"{NAME}/ready")
    SUBSCRIBED.acquire()
    if "MIDWAY" in os.environ:
        print("connected", flush=True)
        sys.stdin.readline()
    for filters in (f"{NAME}/things", f"{NAME}/+/more"), (f"forbidden/{NAME}",):
        client.subscribe([(name, 2) for name in filters])
        SUBSCRIBED.acquire()
    for i in range(120):
        properties = Properties(PacketTypes.PUBLISH)
        properties.MessageExpiryInterval = 60
        properties.UserProperty = [("authorization", "s3cr3t"), ("traceparent", f"00-{0xabc0 + i:032x}-{0xdef0 + i:016x}-01")]
        client.publish(f"{NAME}/things", SECRET, qos=i % 3, properties=properties).wait_for_publish()
    for i in range(30):
        client.publish(f"{NAME}/{i % 3}/more", SECRET * i, qos=1)
    client.publish(f"{NAME}/things", SECRET * 50_000, qos=2).wait_for_publish()
    for _ in range(151):
        GOT.acquire()
    client.unsubscribe(f"{NAME}/things")
    client.publish(f"{NAME}/ready", b"", qos=1).wait_for_publish()
    GOT.acquire()
    client.publish(f"forbidden/{NAME}", SECRET, qos=1).wait_for_publish()
    client.disconnect()
    client.loop_stop()


main()
