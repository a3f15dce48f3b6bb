"""Ctrl-C and SIGTERM as one exception that never falls between starting something and knowing about it."""

import contextlib
import signal


class Interrupted(BaseException):
    """Somebody wants this to end."""


_depth = 0
_pending = False


def install():
    """From now on SIGINT, SIGTERM and SIGHUP raise Interrupted in the main thread."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)


def _on_signal(_number, _frame):
    global _pending
    if _depth:
        _pending = True
        return
    raise Interrupted


@contextlib.contextmanager
def deferred():
    """Inside, an interrupt waits; it is raised at the end, when what was started has been written down."""
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
    if _pending and not _depth:
        raise Interrupted


def ignore():
    """While cleaning up: it takes a moment and must be whole."""
    global _depth
    _depth += 1
