"""`./dev oracle`: real clients and servers with random cuts between them, seen by Wireshark's dissectors and by the agent; where the two differ is said. Clients plant a secret
wherever values go; where one is exported or logged is said, too."""

import argparse
import collections
import os
import re
import sys

from stage import interrupts
from stage.stage import Stage

from . import protocols
from .compare import SHOWN, differences
from .exchange import Seen
from .world import ENDS, Side, World, leaks

SERVER = "SERVER"


def wire(capture, side, port):
    """[Seen] of one hop."""
    if port == side.port and not getattr(side.protocol, "TAKES_CUTS", True):
        return before_cuts(capture, side)
    transports = ("tcp", "udp") if getattr(side.protocol, "DATAGRAMS", False) else ("tcp",)
    return [Seen(exchange, time, connection)
            for transport in transports
            for connection, messages in capture.messages(port, side.protocol.DISSECTOR, transport, getattr(side.protocol, "DECODE_AS", None), getattr(side.protocol, "BODY", "")).items()
            for exchange, time in side.protocol.exchanges(messages)]


def before_cuts(capture, side):
    """What the wire says behind the proxy, taken from before it: they are the same bytes, on connections that were opened in the same order."""
    behind = list(capture.messages(side.port, side.protocol.DISSECTOR))
    seen = wire(capture, side, side.proxy_port)
    there = dict(zip(dict.fromkeys(one.connection for one in seen), behind, strict=True))
    return [Seen(one.exchange, one.time, there[one.connection]) for one in seen]


def spans_of_end(side, spans, asked_port, asks):
    """[(Exchange, start, connection)] of those who ask at a port, or who answer there."""
    chosen = []
    for span in spans:
        if (span.kind == SERVER) == asks or not (exchange := side.protocol.of_span(span)):
            continue
        peer = int(span.attributes["network.peer.port"])
        by_proxy = span.pid == side.proxy.pid
        port = peer if asks else (side.proxy_port if by_proxy else side.port)
        if port == asked_port:
            chosen.append((exchange, span.start / 1e9, None if asks else peer))
    return chosen


def end(side, port, asks):
    """Which one asks at a port, or answers there."""
    if port == side.proxy_port:
        return "client" if asks else "proxy"
    return "proxy" if asks else "server"


def explained(side, line):
    return next((why for pattern, why in side.protocol.UNSEEN.items() if re.search(pattern, line)), None)


def compare(side, capture, spans):
    """(exchanges on the wire, differences with their reasons, differences without) over both hops and both ends of each."""
    count, known, unknown = 0, collections.Counter(), []
    for port in (side.proxy_port, side.port):
        seen = wire(capture, side, port)
        count += len(seen)
        for asks in (True, False):
            if end(side, port, asks) not in side.world.traced:
                continue
            if not seen and not spans_of_end(side, spans, port, asks):
                continue
            for line in differences(seen, spans_of_end(side, spans, port, asks)):
                hop = "client – proxy" if port == side.proxy_port else "proxy – server"
                if why := explained(side, line):
                    known[why] += 1
                else:
                    unknown.append(f"{hop}, who {'asks' if asks else 'answers'}: {line}")
    return count, known, unknown


def report(side, backend, count, known, unknown, lost):
    ends = "at both ends of each" if side.world.traced == list(ENDS) else f"at the {' and the '.join(side.world.traced)}"
    print(f"  {side.name:<13} {backend:<8} {count:>7,} exchanges on the wire, {ends}: {'agree' if not unknown else f'{len(unknown)} differences'}"
          + (f"; lost {lost}" if lost else ""), flush=True)
    for why, times in known.items():
        print(f"      {times} × known: {why}")
    for line in unknown[:SHOWN]:
        print(f"      {line}")


def main():
    parser = argparse.ArgumentParser(prog="./dev oracle", description=__doc__)
    parser.add_argument("--exchanges", type=int, default=10_000, help="that each client asks for, of each protocol on each backend; default 10,000")
    parser.add_argument("--seed", type=int, default=1, help="of what clients ask and of where bytes are cut; default 1")
    parser.add_argument("--backends", nargs="+", default=["socklen", "sysexit"])
    parser.add_argument("--traced", nargs="+", default=list(ENDS), choices=ENDS, help="the ends that are traced; default all")
    parser.add_argument("--pauses", action="store_true", help="the proxy waits now and then, up to 20 ms, between two pieces")
    parser.add_argument("--protocols", nargs="+", default=protocols.names(), choices=protocols.names())
    options = parser.parse_args()
    interrupts.install()
    failed = False
    with Stage("oracle") as stage:
        # Others may run it, too.
        world = World(stage, {name: stage.cgroup(f"{name}-{os.getpid()}") for name in ENDS}, options.traced, options.pauses)
        print(f"seed {options.seed}", flush=True)
        sides = [Side(world, name, options.seed) for name in options.protocols]
        for round_, backend in enumerate(options.backends):
            agent = world.agent(backend)
            for side in sides:
                before = agent.lost()
                capture, spans = side.ask(agent, options.seed + round_, options.exchanges)
                count, known, unknown = compare(side, capture, spans)
                lost = {why: n - before.get(why, 0) for why, n in agent.lost().items() if n != before.get(why, 0)}
                if count < options.exchanges:
                    unknown.append(f"only {count} exchanges")
                report(side, backend, count, known, unknown, lost)
                failed |= bool(unknown or lost)
            if found := leaks(agent):
                print(f"  a secret is told {len(found)} times, first in: {found[0][:2000]}")
                failed = True
            else:
                print(f"  {backend}: no secret in {len(agent.spans):,} spans, metrics, health and log of the agent", flush=True)
            stage.end(agent.process)
    return failed


if __name__ == "__main__":
    sys.exit(main())
