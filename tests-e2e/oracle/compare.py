"""Two accounts of one hop: what the wire says and what the spans of one end say, number by number, in order."""

import collections
import itertools

SHOWN = 12


def same(wire, span):
    """Of two exchanges. A span may say that its text is cut, Wireshark that it does not know the outcome."""
    if wire.status not in (span.status, UNTOLD):
        return False
    return wire.request == span.request or (span.request.endswith(CUT) and wire.request.startswith(span.request[:-1]))


CUT, UNTOLD = "…", "?"


def differences(wire, spans):
    """`wire`: [Seen]; `spans`: [(Exchange, start, connection or None)], a client's span does not know its own port. Lines of text: none, if they agree."""
    counted = collections.Counter(seen.exchange for seen in wire)
    counted.subtract(exchange for exchange, _, _ in spans)
    only_wire = [exchange for exchange, n in counted.items() for _ in range(n)]
    only_spans = []
    for exchange in (exchange for exchange, n in counted.items() for _ in range(-n)):
        partner = next((one for one in only_wire if same(one, exchange)), None)
        only_wire.remove(partner) if partner else only_spans.append(exchange)
    lines = [f"{n} × {exchange} only on the wire" for exchange, n in collections.Counter(only_wire).items()]
    lines += [f"{n} × {exchange} only in spans" for exchange, n in collections.Counter(only_spans).items()]
    return lines or out_of_order(wire, spans)


def out_of_order(wire, spans):
    """
    Spans that say what the wire says, but are not in a connection's order. Requests that one read brought began at one time, so theirs is not told. Who asks does
    not know its port: its spans are in the order of all connections, if those came one after the other, and else in none that can be told.
    """
    known = any(connection is not None for _, _, connection in spans)
    if not known and overlap(wire):
        return []
    queues = collections.defaultdict(list)
    for seen in sorted(wire, key=lambda one: one.time):
        queues[seen.connection if known else None, seen.exchange.lane].append(seen.exchange)
    lines = []
    for _, together in itertools.groupby(sorted(spans, key=lambda one: one[1]), key=lambda one: one[1]):
        waiting = [(exchange, queues[connection, exchange.lane]) for exchange, _, connection in together]
        while waiting:
            found = next((one for one in waiting if one[1] and same(one[1][0], one[0])), waiting[0])
            waiting.remove(found)
            exchange, queue = found
            if not (queue and same(queue[0], exchange)):
                lines.append(f"{exchange} comes where the wire has {queue[0] if queue else 'nothing'}")
            at = next((i for i, one in enumerate(queue) if same(one, exchange)), None)
            if at is not None:
                del queue[at]
    return lines


def overlap(wire):
    times = collections.defaultdict(list)
    for seen in wire:
        times[seen.connection].append(seen.time)
    spoke = sorted((min(of_one), max(of_one)) for of_one in times.values())
    return any(after[0] <= before[1] for before, after in itertools.pairwise(spoke))
