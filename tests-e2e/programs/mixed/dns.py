"""usage: python3 -P dns.py PORT SEED COUNT TCP_PORT: dnspython over UDP, alone and many at once, and over TCP: names that are there and names that are not."""
import random
import socket
import sys

import dns.message
import dns.query

PORT, SEED, COUNT, TCP_PORT = map(int, sys.argv[1:5])
SERVER = "127.0.0.1"


def question(chosen):
    labels = ".".join("n" * chosen.choice((1, 20, 60)) for _ in range(chosen.choice((1, 3))))
    name = f"{labels}{chosen.randrange(1000)}.{chosen.choice(('shop', 'shop', 'nothing'))}.here.test"
    return dns.message.make_query(name, chosen.choice(("A", "AAAA", "TXT", "SRV")), use_edns=chosen.choice((False, 0)))


def at_once(questions):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(10)
        one.connect((SERVER, PORT))
        for asked in questions:
            one.send(asked.to_wire())
        for _ in questions:
            one.recv(4096)


def by_stream(questions):
    with socket.create_connection((SERVER, TCP_PORT)) as stream:
        for asked in questions:
            dns.query.send_tcp(stream, asked)
            dns.query.receive_tcp(stream)


def main():
    chosen, done = random.Random(SEED), 0
    while done < COUNT:
        kind, questions = chosen.random(), [question(chosen) for _ in range(chosen.choice((1, 5, 15)))]
        if kind < 0.5:
            for asked in questions:
                dns.query.udp(asked, SERVER, timeout=10, port=PORT)
        elif kind < 0.7:
            at_once(questions)
        else:
            by_stream(questions)
        done += len(questions)


main()
