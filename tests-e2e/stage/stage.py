"""Everything that was started or made, and how it is taken away again."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from . import interrupts
from .cgroup import Cgroup

# The first instruction of the command already runs inside the cgroup, and it ends when its starter is killed.
ENTER = 'test -z "$0" || echo $$ > "$0/cgroup.procs"; exec setpriv --pdeathsig TERM -- "$@"'


class Stage:
    """Use as a context manager: leaving it ends processes by pid, newest first, then removes cgroups and the directory."""

    def __init__(self, name):
        self.name = name
        self.processes = []
        self.cgroups = {}
        self.directory = None

    def __enter__(self):
        with interrupts.deferred():
            self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"spandrel-{self.name}-"))
            self.directory.chmod(0o755)
        return self

    def cgroup(self, name):
        """`name` may be a path: a cgroup below one that was made before."""
        with interrupts.deferred():
            cgroup = self.cgroups[name] = Cgroup(f"spandrel-{self.name}-{name}")
        return cgroup

    def start(self, command, cgroup=None, **options):
        """Starts a command in a session of its own, so that the terminal's Ctrl-C reaches us alone."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
        wrapped = ["sh", "-c", ENTER, str(cgroup.path) if cgroup else "", *map(str, command)]
        with interrupts.deferred():
            process = subprocess.Popen(wrapped, start_new_session=True, **options)
            self.processes.append(process)
        return process

    def end(self, process, patience=6.0):
        """SIGTERM, and SIGKILL when that was not enough. Returns how long it took, in seconds."""
        begin = time.monotonic()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                print(f"{self.name}: {process.args[4]} did not end within {patience:.0f} s of SIGTERM", file=sys.stderr)
                process.kill()
                process.wait()
        if process in self.processes:
            self.processes.remove(process)
        return time.monotonic() - begin

    def __exit__(self, *_):
        interrupts.ignore()
        for process in reversed(list(self.processes)):
            self.end(process)
        for cgroup in reversed(self.cgroups.values()):
            for pid in cgroup.pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            cgroup.remove()
        shutil.rmtree(self.directory, ignore_errors=True)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def await_true(what, question, patience=20.0, pause=0.02):
    """Asks until the answer is true; returns it."""
    deadline = time.monotonic() + patience
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise SystemExit(f"gave up after {patience:.0f} s: {what}")
        time.sleep(pause)
    return answer


def listening(port):
    """Whether somebody listens on the port of loopback, without connecting to it."""
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(wanted) and fields[3] == "0A":
                return True
    return False
