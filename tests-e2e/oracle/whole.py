"""
The bytes of a capture without its cuts: what one side of a connection sent until the other one spoke is one segment. Wireshark's dissectors do not put every
protocol together again where a message begins with a segment of a byte, and it is them, not TCP, that we compare with. Where both sides speak at once, what one said is
cut wherever the other one began: of such a protocol it is told where a message ends; each is a segment then, and what is not whole waits.
"""

import struct

HEADER = struct.Struct("<IIIIII")  # of the file, in pcap's format
RECORD = struct.Struct("<IIII")  # seconds, microseconds, bytes here, bytes there
ETHERNET, MOST, LONGEST_HEAD = 14, 60_000, 1024
TCP = 6
FIN_OR_SYN_OR_RST, SYN, RST = 7, 2, 4


def whole(source, target, length=None):
    """Writes `source` anew. Datagrams stay as they are. `length(bytes)`: of the message that they begin with, or 0 if they are too few to tell."""
    data = source.read_bytes()
    with target.open("wb") as out:
        out.write(data[: HEADER.size])
        streams = {}
        for stamp, packet in _packets(data):
            segment = Segment.of(stamp, packet)
            if segment is None:
                _write(out, stamp, packet)
            else:
                streams.setdefault(segment.connection(), Stream(out, length)).take(segment)
        for stream in streams.values():
            stream.end()


class Segment:
    """One of TCP over IPv4."""

    @classmethod
    def of(cls, stamp, packet):
        if packet[ETHERNET + 9] != TCP:
            return None
        one = cls()
        one.stamp, one.ip = stamp, ETHERNET + (packet[ETHERNET] & 15) * 4
        one.source, one.target, one.sequence = struct.unpack_from(">HHI", packet, one.ip)
        one.flags = packet[one.ip + 13]
        end = ETHERNET + struct.unpack_from(">H", packet, ETHERNET + 2)[0]
        one.bytes = packet[one.ip + (packet[one.ip + 12] >> 4) * 4 : end]
        one.head = packet[: one.ip + 20]
        return one

    def connection(self):
        return min(self.source, self.target), max(self.source, self.target)


class Stream:
    """Both directions of a connection, written in the order in which they spoke. What two processors sent may be captured in another order than its own: it waits for what comes before it."""

    def __init__(self, out, length):
        self.out, self.length, self.expected, self.early, self.turn, self.bytes = out, length, {}, {}, None, bytearray()
        self.rest, self.missing, self.sent, self.spoke = {}, {}, {}, {}

    def take(self, segment):
        if segment.flags & SYN:
            self.flush(last=True)
            self.early[segment.source] = []
            self.expected[segment.source] = self.sent[segment.source] = segment.sequence + 1 & 0xFFFFFFFF
            self.rest.pop(segment.source, None)
            self.missing.pop(segment.source, None)
            self._emit(segment, b"")
        elif segment.bytes or segment.flags & FIN_OR_SYN_OR_RST:
            early = self.early.setdefault(segment.source, [])
            early.append(segment)
            early.sort(key=self._ahead)
            while early and (self._ahead(early[0]) <= 0 or early[0].flags & RST):
                self._pass(early.pop(0))

    def end(self):
        """What waits has waited in vain."""
        for early in self.early.values():
            while early:
                self._pass(early.pop(0))
        self.flush(last=True)

    def _ahead(self, segment):
        """Bytes between what came and the segment; negative: so many of it came before."""
        return (segment.sequence - self.expected.get(segment.source, segment.sequence) + 0x80000000 & 0xFFFFFFFF) - 0x80000000

    def _pass(self, segment):
        new = segment.bytes[max(0, -self._ahead(segment)):]
        if new:
            self.expected[segment.source] = segment.sequence + len(segment.bytes) & 0xFFFFFFFF
            if self.turn and (self.turn.source != segment.source or len(self.bytes) + len(new) > MOST):
                self.flush()
            if not self.turn:
                self.turn, self.bytes = segment, self.rest.pop(segment.source, bytearray())
            self.bytes += new
        if segment.flags & FIN_OR_SYN_OR_RST:
            self.flush(last=True)
            self._emit(segment, b"")

    def flush(self, last=False):
        if self.turn:
            at, source = 0, self.turn.source
            for end in [*self._ends(source), *([len(self.bytes)] if last else [])]:
                if end > at:
                    self._emit(self.turn, bytes(self.bytes[at:end]))
                at = end
            self.rest[source] = self.bytes[at:]
        self.turn, self.bytes = None, bytearray()

    def _ends(self, source):
        """Where what waits is to be divided: each message for itself; what is longer than a segment leaves as far as it is here."""
        if not self.length:
            return [len(self.bytes)]
        ends, at = [], self.missing.pop(source, 0)
        while at < len(self.bytes):
            ends += [at] if at else []
            length = self.length(self.bytes[at : at + LONGEST_HEAD])
            if not length or at + length > len(self.bytes) and length <= MOST:
                return ends
            at += length
        self.missing[source] = at - len(self.bytes)
        return ends + [len(self.bytes)]

    def _emit(self, segment, content):
        """What waited for a segment of another processor was captured before it, but not said before it."""
        stamp = self.spoke[segment.source] = max(segment.stamp, self.spoke.get(segment.source, segment.stamp))
        head = bytearray(segment.head)
        if content:
            struct.pack_into(">I", head, segment.ip + 4, self.sent.setdefault(segment.source, segment.sequence))
            self.sent[segment.source] = self.sent[segment.source] + len(content) & 0xFFFFFFFF
        struct.pack_into(">H", head, ETHERNET + 2, len(head) - ETHERNET + len(content))
        head[segment.ip + 12] = 5 << 4
        _write(self.out, stamp, bytes(head) + content)


def _packets(data):
    at = HEADER.size
    while at + RECORD.size <= len(data):
        seconds, fraction, length, _ = RECORD.unpack_from(data, at)
        at += RECORD.size
        yield (seconds, fraction), data[at : at + length]
        at += length


def _write(out, stamp, packet):
    out.write(RECORD.pack(*stamp, len(packet), len(packet)) + packet)
