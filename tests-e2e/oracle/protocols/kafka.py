import itertools

from stage.stage import free_port

from ..compare import UNTOLD
from ..exchange import Exchange
from . import BUILT, PYTHON, ROOT

DISSECTOR = "kafka"
#: Wireshark does not take today's batches apart; 0x0c is how long what follows is.
PLANTED = {
    "key": 'tcp.payload contains "s3cr3t-"',
    "value": 'tcp.payload contains "s3cr3ts3cr3t"',
    "header": 'tcp.payload contains "authorization\x0cs3cr3t"',
}
UNSEEN = {}
#: Outcomes are not compared: Wireshark 4.0 knows Kafka's messages as they were in 2020, and not what stands in today's answers.
OPERATIONS = {0: "send", 1: "poll", 2: "list_offsets", 3: "metadata", 8: "commit", 9: "offset_fetch", 10: "find_coordinator", 11: "join_group", 12: "heartbeat",
              13: "leave_group", 14: "sync_group", 18: "api_versions", 19: "create_topics", 22: "init_producer_id", 71: "get_telemetry_subscriptions",
              72: "push_telemetry"}


def server(files, port, proxy):
    return ["bash", "-c", f'ROOT={ROOT}; source "$ROOT/dev.d/lib/toolchain.sh"; find_java; '
            f'exec kafka/server.sh "$JAVA_HOME/bin/java" {BUILT}/kafka {files} {port} {free_port()} {proxy}']


def client(port, seed, count):
    return [PYTHON, "-P", "mixed/kafka.py", port, seed, count]


def exchanges(messages):
    waiting, ended, order = {}, [], itertools.count()
    for message in messages:
        number = message.first("kafka.correlation_id")
        if message.asks:
            request = f"{OPERATIONS[int(message.first('kafka.request_key'))]} {message.first('kafka.client_id')}"
            if message.first("kafka.required_acks") == "0":
                ended.append((next(order), Exchange(request), message.time))
            else:
                waiting[number] = (next(order), request, message.time)
        elif asked := waiting.pop(number, None):
            ended.append((asked[0], Exchange(asked[1], UNTOLD), asked[2]))
    # Their connections ended before an answer came.
    ended += [(number, Exchange(request, UNTOLD), time) for number, request, time in waiting.values()]
    return [one[1:] for one in sorted(ended, key=lambda one: one[0])]


def of_span(span):
    operation = span.attributes.get("messaging.operation.name")
    client = span.attributes.get("messaging.client.id", "-")
    # The broker talks to itself as well, on a port that is not looked at.
    return operation and client.startswith("mixed") and Exchange(f"{operation} {client}", span.attributes.get("error.type", ""))
