"""
A file per protocol, named after it, with

    DISSECTOR              Wireshark's name of it
    WORD                   what policies call it, where that is not its name
    BODY                   Wireshark's name of what its messages carry: the fields of that come behind their own
    DECODE_AS              what Wireshark is to take the bytes for, where that is something else
    server(files, port, proxy)       the command of a real server, with its files in a directory; `proxy` is the port that its clients know
    client(port, seed, count)        the command of a client that asks so much, at random
    exchanges(messages)    what Wireshark's fields say of one connection: (Exchange, time of the request) in the order of requests
    of_span(span)          the same of a span, or None where it is none of these
    length(bytes)          where both sides speak at once, or several messages are sent at once: how long the one is that these begin with, or 0
    PLANTED                by what it is: the display filter that finds the secret there; none where values go nowhere
    TAKES_CUTS             False where Wireshark's dissector does not, so that what it says of the uncut bytes holds
    DATAGRAMS              True where the client is told both ports, for datagrams go to the server itself
    UNSEEN                 by a regular expression over a difference: why the two say something else, where that is known
"""

import importlib
import pathlib
import pkgutil

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILT = ROOT / ".spandrel" / "programs"
PYTHON = BUILT / "python" / "bin" / "python"


def named(name):
    return importlib.import_module(f"{__name__}.{name}")


def names():
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def words():
    """Of policies, for all of them: some are told only where they are named."""
    return sorted({getattr(named(name), "WORD", name.upper()) for name in names()})
