from ..exchange import Exchange
from . import PYTHON

DISSECTOR = "dns"
#: Names are what is told.
PLANTED = {}
UNSEEN = {}
TYPES = {"1": "A", "28": "AAAA", "16": "TXT", "33": "SRV"}
OUTCOMES = {"0": "", "2": "SERVFAIL", "3": "NXDOMAIN", "5": "REFUSED"}
#: Datagrams go to the server itself: nothing between may cut them.
DATAGRAMS = True


def server(files, port, _):
    return ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--listen-address=127.0.0.1", "--bind-interfaces",
            "--no-resolv", "--no-hosts", "--cache-size=0", "--local=/here.test/", "--address=/shop.here.test/127.0.0.2", "--address=/shop.here.test/::2",
            "--dns-forward-max=1000", f"--port={port}"]


def client(port, seed, count, proxy):
    return [PYTHON, "-P", "mixed/dns.py", port, seed, count, proxy]


def exchanges(messages):
    waiting = {}
    for message in messages:
        number = message.first("dns.id")
        name = (message.first("dns.qry.name"), TYPES.get(message.first("dns.qry.type"), message.first("dns.qry.type")))
        if message.asks:
            waiting[number, name] = message.time
        elif (number, name) in waiting:
            yield Exchange(" ".join(name), OUTCOMES[message.first("dns.flags.rcode")]), waiting.pop((number, name))


def of_span(span):
    name = span.attributes.get("dns.question.name")
    return name and Exchange(f"{name} {span.attributes['spandrel.dns.question.type']}", span.attributes.get("error.type", ""))
