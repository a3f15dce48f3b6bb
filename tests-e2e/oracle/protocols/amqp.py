import itertools

from stage.stage import free_port

from ..messaging import moved, spans_of
from . import PYTHON

DISSECTOR = "amqp"
PLANTED = {
    "password of PLAIN": 'amqp.method.arguments.response contains 00:67:75:65:73:74:00:73:33:63:72:33:74',
    "header": 'amqp contains "authorization" && amqp contains "s3cr3t"',
    "payload": 'amqp.payload contains "s3cr3ts3cr3t"',
}
UNSEEN = {}
of_span = spans_of("rabbitmq")
METHOD, CONTENT = "1", "2"
CLASSES = {"10": "connection.", "20": "channel.", "40": "exchange.", "50": "queue.", "60": "", "85": "confirm.", "90": "tx."}
#: By class: numbers of methods that are asked; what answers has the next one.
ASKED = {"10": {40: "open", 50: "close"}, "20": {10: "open", 40: "close"}, "40": {10: "declare"}, "50": {10: "declare", 20: "bind", 30: "purge", 40: "delete"},
         "60": {10: "qos", 20: "consume", 30: "cancel", 70: "get"}, "85": {10: "select"}}
ALONE = {80: "ack", 90: "reject", 120: "nack"}
IN_TWO = {40: "publish", 60: "deliver"}
GET_EMPTY = 72
ERRORS = {"404": "NOT_FOUND"}
#: What is asked of a queue or an exchange has its name.
NAMES = {"40": "exchange", "50": "queue"}


def server(files, port, _):
    return ["amqp/server.sh", files, port, free_port(), free_port()]


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/amqp.py", port, seed, count]


def exchanges(messages):
    waiting, begun, ended, order = {}, {}, [], itertools.count()
    for message in messages:
        channel, about = message.first("amqp.channel"), message.first("amqp.method.class")
        if message.first("amqp.type") == CONTENT and (message.asks, channel) in begun:
            place, words, time = begun.pop((message.asks, channel))
            ended.append((place, (*words, message.first("amqp.header.body-size")), "", time))
        if message.first("amqp.type") != METHOD:
            continue
        method = int(message.first("amqp.method.method"))
        if about == "60" and method in IN_TWO:
            begun[message.asks, channel] = (next(order), (IN_TWO[method], destination(message)), message.time)
        elif about == "60" and method in ALONE:
            # What the broker confirms belongs to what was published.
            if message.asks:
                ended.append((next(order), (ALONE[method],), "", message.time))
        elif message.asks and method in ASKED[about]:
            waiting[channel] = (next(order), request(message, about, method), message.time, about, method)
        elif not message.asks and channel in waiting:
            place, asked, time, of, number = waiting[channel]
            closed = about in ("10", "20") and (method == 50 if about == "10" else method == 40)
            if closed or (of, number + 1) == (about, method) or (of, number, method) == ("60", 70, GET_EMPTY):
                del waiting[channel]
                ended.append((place, asked, ERRORS[message.first("amqp.method.arguments.reply_code")] if closed else "", time))
    return [(moved(words, status), time) for _, words, status, time in sorted(ended)]


def request(message, about, method):
    name = message.first(f"amqp.method.arguments.{NAMES[about]}") if about in NAMES else message.first("amqp.method.arguments.queue") if method in (20, 70) else ""
    return CLASSES[about] + ASKED[about][method], name


def destination(message):
    return ":".join(filter(None, (message.first("amqp.method.arguments.exchange"), message.first("amqp.method.arguments.routing_key"))))
