"""One column, once: at full speed, under the kernel's statistics, and at a fixed rate."""

import dataclasses
import time

from . import programs
from .rig import cpu_of_process, cpu_of_thread


@dataclasses.dataclass(frozen=True)
class FullSpeed:
    rate: float  # requests/s
    worker: float  # µs CPU per request
    agent: float  # µs CPU per span; 0 without spans
    spans: int
    lost: dict  # by reason


@dataclasses.dataclass(frozen=True)
class BpfTime:
    requests: int
    runs: dict  # program: (nanoseconds net of statistics, runs)
    statistics: float  # nanoseconds of each run that the statistics cost themselves


class Measure:
    def __init__(self, rig, agent, policies, seconds):
        self.rig, self.agent, self.policies, self.seconds = rig, agent, policies, seconds

    def switch(self, column):
        generation = self.agent.generation()
        self.policies.write(column)
        self.agent.await_generation_after(generation)

    def _totals(self):
        """(spans that wait somewhere, kept by the kernel, accepted by the receiver, {reason: lost})"""
        names = ("spandrel_exchanges_kept_total", "spandrel_spans_exported_total", "spandrel_export_queue_size", "spandrel_ring_backlog_bytes")
        metrics = self.agent.metrics()
        kept, exported, queue, ring = (sum(v for n, _, v in metrics if n == name) for name in names)
        return queue + ring, kept, exported, {l["spandrel_reason"]: v for n, l, v in metrics if n == "spandrel_lost_total"}

    def drained(self):
        """The totals once nothing waits and nothing moves any more."""
        before = None
        deadline = time.monotonic() + 20
        while True:
            now = self._totals()
            if (now == before and not now[0]) or time.monotonic() > deadline:
                return now[1:]
            before = now
            time.sleep(0.15)

    def full_speed(self):
        kept, exported, lost = self.drained()
        worker, agent = cpu_of_thread(self.rig.worker), cpu_of_process(self.agent.process.pid)
        requests = self.rig.wrk(self.seconds)
        worker = cpu_of_thread(self.rig.worker) - worker
        now = self.drained()
        agent = cpu_of_process(self.agent.process.pid) - agent
        spans = now[1] - exported
        gone = {reason: int(v - lost[reason]) for reason, v in now[2].items() if v > lost[reason]}
        if (missing := now[0] - kept - spans - sum(gone.values())) > 0:
            gone["unaccounted"] = int(missing)
        return FullSpeed(requests / self.seconds, worker / requests / 1e3, agent / spans / 1e3 if spans else 0.0, int(spans), gone)

    def bpf_time(self, seconds):
        ids = self.agent.program_ids()
        with programs.Statistics():
            before = programs.runs(ids)
            requests = self.rig.wrk(seconds)
            spent = programs.difference(programs.runs(ids), before)
        empty = [spent.pop(name) for name in programs.EMPTY]
        cost = sum(ns for ns, _ in empty) / max(1, sum(count for _, count in empty))
        return BpfTime(requests, {name: (ns - count * cost, count) for name, (ns, count) in spent.items() if count}, cost)

    def latency(self, rate, seconds):
        _, p50, p99 = self.rig.open_loop(rate, seconds)
        return p50, p99


def changes(agent, policies, columns, count):
    """Milliseconds from before the file is written until the agent's word that the kernel decides by it has been read here."""
    took = []
    for i in range(count):
        generation, begin = agent.generation(), time.monotonic()
        policies.write(columns[i % len(columns)])
        took.append((agent.await_generation_after(generation)[0] - begin) * 1000)
        time.sleep(0.02)
    return sorted(took)
