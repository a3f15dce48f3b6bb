import itertools

from ..messaging import moved, spans_of
from . import PYTHON

DISSECTOR = "mqtt"
PLANTED = {
    "user": 'mqtt.username contains "s3cr3t"',
    "password": 'mqtt.passwd contains "s3cr3t"',
    "property": 'mqtt.prop_value contains "s3cr3t"',
    "payload": 'mqtt.msg contains "s3cr3t"',
}
UNSEEN = {}
of_span = spans_of("mqtt")
CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK = "1", "2", "3", "4", "5", "7", "8", "9", "10", "11"
ASKS = {CONNECT: "connect", PUBLISH: "publish", SUBSCRIBE: "subscribe", UNSUBSCRIBE: "unsubscribe"}
CODES = ("mqtt.conack.val", "mqtt.connack.reason_code", "mqtt.puback.reason_code", "mqtt.pubrec.reason_code", "mqtt.pubcomp.reason_code", "mqtt.suback.qos", "mqtt.suback.reason_code",
         "mqtt.unsuback.reason_code")
FAILED = 128
ERRORS = {128: "unspecified_error", 135: "not_authorized"}


def server(files, port, _):
    return ["sh", "-c", f"mkdir -p {files} && chmod 755 {files} && exec mqtt/server.sh {files} {port}"]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/mqtt.py", port, seed, count]


def length(data):
    """A byte, then seven bits of the rest's length in each of up to four."""
    value = 0
    for place, byte in enumerate(data[1:5]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return 2 + place + value
    return 0


def exchanges(messages):
    waiting, ended, order = {}, [], itertools.count()
    for message in messages:
        kind = message.first("mqtt.msgtype")
        # A login has no number.
        number = message.first("mqtt.msgid", kind in (CONNECT, CONNACK) and "login")
        if kind == PUBLISH and (not message.asks or message.first("mqtt.qos") == "0"):
            ended.append((next(order), request(message, "publish" if message.asks else "deliver"), "", message.time))
        elif message.asks and kind in ASKS:
            waiting[number] = (next(order), request(message, ASKS[kind]), message.time)
        elif not message.asks and number in waiting and kind in (CONNACK, PUBACK, PUBREC, PUBCOMP, SUBACK, UNSUBACK):
            code = int(next((text for field, text, _ in message.fields if field in CODES), "0"))
            if kind != PUBREC or code >= FAILED:
                place, asked, time = waiting.pop(number)
                ended.append((place, asked, ERRORS[code] if code >= FAILED else "", time))
    return [(moved(asked, status), time) for _, asked, status, time in sorted(ended)]


def request(message, operation):
    topics = [text for field, text, _ in message.fields if field == "mqtt.topic"]
    words = [operation] + topics[:1]
    if operation in ("publish", "deliver"):
        # Wireshark shows the body of a message as bytes with colons between.
        words.append(str((len(message.first("mqtt.msg")) + 1) // 3))
    return words
