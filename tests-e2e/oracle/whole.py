"""
The bytes of a capture without its cuts: what one side of a connection sent until the other one spoke is one segment. Wireshark's dissectors do not put every
protocol together again where a message begins with a segment of a byte, and it is them, not TCP, that we compare with.
"""

import struct

HEADER = struct.Struct("<IIIIII")  # of the file, in pcap's format
RECORD = struct.Struct("<IIII")  # seconds, microseconds, bytes here, bytes there
ETHERNET, MOST = 14, 60_000
TCP = 6
FIN_OR_SYN_OR_RST, SYN, RST = 7, 2, 4


def whole(source, target):
    """Writes `source` anew. Datagrams stay as they are."""
    data = source.read_bytes()
    with target.open("wb") as out:
        out.write(data[: HEADER.size])
        streams = {}
        for stamp, packet in _packets(data):
            segment = Segment.of(stamp, packet)
            if segment is None:
                _write(out, stamp, packet)
            else:
                streams.setdefault(segment.connection(), Stream(out)).take(segment)
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

    def __init__(self, out):
        self.out, self.expected, self.early, self.turn, self.bytes = out, {}, {}, None, bytearray()

    def take(self, segment):
        if segment.flags & SYN:
            self.flush()
            self.early[segment.source] = []
            self.expected[segment.source] = segment.sequence + 1 & 0xFFFFFFFF
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
        self.flush()

    def _ahead(self, segment):
        """Bytes between what came and the segment; negative: so many of it came before."""
        return (segment.sequence - self.expected.get(segment.source, segment.sequence) + 0x80000000 & 0xFFFFFFFF) - 0x80000000

    def _pass(self, segment):
        new = segment.bytes[max(0, -self._ahead(segment)):]
        if new:
            self.expected[segment.source] = segment.sequence + len(segment.bytes) & 0xFFFFFFFF
            if self.turn and (self.turn.source != segment.source or len(self.bytes) + len(new) > MOST):
                self.flush()
            self.turn = self.turn or segment
            self.bytes += new
        if segment.flags & FIN_OR_SYN_OR_RST:
            self.flush()
            self._emit(segment, b"")

    def flush(self):
        if self.turn:
            self._emit(self.turn, bytes(self.bytes))
        self.turn, self.bytes = None, bytearray()

    def _emit(self, segment, content):
        head = bytearray(segment.head)
        struct.pack_into(">H", head, ETHERNET + 2, len(head) - ETHERNET + len(content))
        head[segment.ip + 12] = 5 << 4
        _write(self.out, segment.stamp, bytes(head) + content)


def _packets(data):
    at = HEADER.size
    while at + RECORD.size <= len(data):
        seconds, fraction, length, _ = RECORD.unpack_from(data, at)
        at += RECORD.size
        yield (seconds, fraction), data[at : at + length]
        at += length


def _write(out, stamp, packet):
    out.write(RECORD.pack(*stamp, len(packet), len(packet)) + packet)
