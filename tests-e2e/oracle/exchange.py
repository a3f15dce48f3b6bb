"""What both sides say of a request and its answer, and what a dissector gives for it."""

import dataclasses
import re
import typing

LITERAL = re.compile(r"'(?:[^']|'')*(?:'|$)|(?<![\w$])\d+(?:\.\d+)?\b", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Exchange:
    """What has to agree. `status` is the protocol's own word, "" for a good one or where there is none. `lane`: what has an order of its own in the connection."""

    request: str
    status: str = ""
    lane: str = ""

    def __str__(self):
        return f"{self.request[:100]} → {self.status or '–'}"


@dataclasses.dataclass(frozen=True)
class Seen:
    """One on the wire: when its request began (seconds since the epoch), and the client's port."""

    exchange: Exchange
    time: float
    connection: int


class Message(typing.NamedTuple):
    """One protocol data unit as the dissector made it out. `fields`: (name, text, depth) in the order of its tree; `payload`: of the segment that ended it, in hex."""

    asks: bool
    time: float
    fields: list
    payload: str = ""

    def bytes(self):
        return bytes.fromhex(self.payload.replace(":", ""))

    def first(self, name, otherwise=""):
        return next((text for field, text, _ in self.fields if field == name), otherwise)


def sanitized(statement):
    """Without literals, by three regular expressions: as far as the statements of our own clients need it."""
    return re.sub(r"\?(?:, ?\?)+", "?", re.sub(r"\s+", " ", LITERAL.sub("?", statement))).strip()
