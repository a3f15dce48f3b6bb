"""What the demo measures: a window of load, counted twice, and what must not change."""

import dataclasses
import subprocess
import sys
import time
from pathlib import Path

from stage.stage import await_true

CONNECTIONS, RATE, AT_MOST = 4, 300, 50


@dataclasses.dataclass(frozen=True)
class Window:
    """A stretch of load between two moments without a request in flight."""

    seconds: float
    spans: int
    kernel: int
    logged: int

    @property
    def spans_per_second(self):
        return self.spans / self.seconds


@dataclasses.dataclass(frozen=True)
class Identity:
    """What stays the same when a policy changes."""

    programs: frozenset
    processes: frozenset
    connections: frozenset

    def differences(self, now):
        """Of what was there at first. Programs for TLS are loaded beside the others when a library is seen, and go while nothing is traced."""
        kept = {"programs": self.programs <= now.programs}
        return [f.name for f in dataclasses.fields(self) if not kept.get(f.name, getattr(self, f.name) == getattr(now, f.name))]


class Story:
    def __init__(self, stage, servers, agent):
        self.servers, self.agent = servers, agent
        command = [sys.executable, Path(__file__).with_name("load.py"), servers.ports["nginx"], CONNECTIONS, RATE, AT_MOST]
        self.load = stage.start(command, stage.cgroup("client"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _tell(self, word):
        self.load.stdin.write(word + "\n")
        self.load.stdin.flush()

    def resume(self):
        self._tell("resume")

    def _pause(self):
        """Returns once no request is in flight, so that two counters can be compared."""
        self._tell("pause")
        if not (answer := self.load.stdout.readline()):
            raise SystemExit("the load ended too early")
        if broken := int(answer.split()[2]):
            raise SystemExit(f"{broken} requests failed")

    def counted(self):
        """Requests that nginx answered, by the kernel's count. Read until it stands still."""
        def ask():
            return int(self.agent.metric("http_server_request_duration_seconds_count", service_name=self.servers.cgroups["nginx"].name))
        before = ask()
        while (now := ask()) != before:
            before = now
        return now

    def window(self, seconds):
        """Runs load that was going on already, for so long, between two short breaths that the client holds."""
        self._pause()
        kernel, logged = self.counted(), self.servers.logged()
        self.resume()
        begin = time.time_ns()
        time.sleep(seconds)
        self._pause()
        end = time.time_ns()
        kernel, logged = self.counted() - kernel, self.servers.logged() - logged
        time.sleep(0.25)  # what the agent read last is on its way through its standard output
        spans = sum(begin <= s.start < end for s in list(self.agent.spans))
        self.resume()
        return Window((end - begin) / 1e9, spans, kernel, logged)

    def edit(self, policies, spec):
        """Writes the policy; returns the milliseconds until the agent said that the kernel decides by it."""
        generation, begin = self.agent.generation(), time.monotonic()
        policies.write(spec)
        return (self.agent.await_generation_after(generation)[0] - begin) * 1000

    def identity(self):
        return Identity(frozenset(self.agent.program_ids()), frozenset(self.servers.pids() | {self.agent.process.pid}),
                        frozenset(self.servers.connections()))

    def trace(self, trace_id, expected):
        """The spans of a trace, once there are as many as expected, or those that came within three seconds."""
        deadline = time.monotonic() + 3

        def arrived():
            spans = [s for s in list(self.agent.spans) if s.trace_id == trace_id]
            return spans if len(spans) >= expected or time.monotonic() > deadline else None
        return await_true("no span of the traced request", arrived, patience=8)
