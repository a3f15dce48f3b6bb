"""`./dev bench protocols`: what the plainest exchange of each protocol costs the kernel and the agent, kept and sampled out, with real servers."""

import os
import statistics
import subprocess
import sys

from oracle import protocols
from stage.stage import await_true, free_port, listening

from . import programs
from .columns import ALL, NONE, OFF, Policies
from .measure import Measure
from .rig import Rig, cpu_of_process
from .table import markdown, spread

STREAMS = 100
#: Exchanges of one figure; a broker and a database on files are slow.
COUNTS = {"kafka": 1_000, "mongodb": 1_000, "http2": 8_000, "grpc": 8_000}
COUNT = 2_000
SINGLE = "single/single.py"


#: Whose exchanges are many at a time.
MANY = ("http2", "grpc")


def client(name, port, count, *beside):
    if name in MANY:
        return [protocols.BUILT / "grpc", "small" if name == "http2" else "load", port, count, STREAMS]
    return [protocols.PYTHON, "-P", SINGLE, name, port, count, *beside]


class Subject:
    """A server of one protocol, and what was measured of it: nanoseconds per exchange, by column."""

    def __init__(self, rig, name):
        self.rig, self.name, self.files = rig, name, rig.stage.directory / name
        # The server of the oracle writes head and body apart, which a client that keeps its connection waits 40 ms for.
        self.port = rig.port if name == "http" else free_port()
        out = (rig.stage.directory / "programs.out").open("ab")
        self.options = {"cwd": protocols.ROOT / "tests-e2e" / "programs", "stdout": out, "stderr": subprocess.STDOUT, "env": os.environ | {"GOMAXPROCS": "1"}}
        if name != "http":
            self._serve(protocols.named(name).server(self.files, self.port, self.port))
        self.bpf, self.agent, self.lost, self.calls, self.beside = {ALL: [], NONE: []}, {ALL: [], NONE: []}, {}, [], []

    def _serve(self, command):
        process = self.rig.stage.start(["taskset", "-c", "0", *command], self.rig.server, **self.options)
        await_true(f"{self.name}'s server does not listen", lambda: listening(self.port) or process.poll() is not None and self._ended(), patience=60)

    def _ended(self):
        raise SystemExit(f"{self.name}'s server ended; see {self.rig.stage.directory}/programs.out")

    def ask(self, count, *beside):
        process = self.rig.stage.start(["taskset", "-c", "1", *client(self.name, self.port, count, *beside)], **self.options)
        if process.wait(300):
            raise SystemExit(f"{self.name}'s client ended with {process.returncode}")
        self.rig.stage.processes.remove(process)

    def measure(self, agent, measure, column, least):
        """The processor time of the agent and the run time of programs are of two runs: the kernel's statistics cost something themselves."""
        count = COUNTS.get(self.name, COUNT)
        spent = []
        for figure in (self._of_agent, self._of_programs):
            before, lost = agent.metric("spandrel_exchanges_total"), agent.lost()
            taken = figure(agent, measure, count)
            exchanges = agent.metric("spandrel_exchanges_total") - before
            if exchanges < least * count:
                raise SystemExit(f"{self.name}: {exchanges:.0f} of {count} exchanges were seen; lost {agent.lost()}")
            for reason, number in agent.lost().items():
                if gone := number - lost.get(reason, 0):
                    self.lost[reason] = self.lost.get(reason, 0) + gone
            spent.append(taken / exchanges)
        self.agent[column].append(spent[0])
        self.bpf[column].append(spent[1])

    def _of_agent(self, agent, measure, count):
        before = cpu_of_process(agent.process.pid)
        self.ask(count)
        measure.drained()
        return cpu_of_process(agent.process.pid) - before

    def _of_programs(self, agent, measure, count, *beside):
        ids = agent.program_ids()
        with programs.Statistics():
            before = programs.runs(ids)
            self.ask(count, *beside)
            spent = programs.difference(programs.runs(ids), before)
        measure.drained()
        empty = [spent.pop(name) for name in programs.EMPTY]
        runs = sum(runs for _, runs in empty)
        cost = sum(ns for ns, _ in empty) / max(1, runs)
        if not beside:
            self.calls.append(runs / count)
        return sum(ns - runs * cost for ns, runs in spent.values())

    def measure_beside(self, agent, measure):
        """HTTP/1's exchange between those of this protocol, on the same processors: the two together without this one alone, which was measured before."""
        if self.name in MANY:
            return
        count = COUNTS.get(self.name, COUNT)
        self.beside.append(self._of_programs(agent, measure, count, self.rig.port) / count - self.bpf[ALL][-1])


def run(stage, options):
    rig = Rig(stage, options.wire)
    policies = Policies(stage, rig.server, rig.other)
    policies.write(OFF)
    # What HTTP carries is measured as HTTP.
    named = [name for name in protocols.names() if name == "http" or protocols.named(name).DISSECTOR != "http"]
    names = [name for name in named if not options.only or name in ("http", *options.only.split(","))]
    subjects = [Subject(rig, name) for name in names]
    agent = rig.agent(policies.directory, *(["--backend", options.backend] if options.backend else []))
    agent.await_generation_after(0)
    measure = Measure(rig, agent, policies, options.seconds)
    detach = programs.attach_empty(options.empty)
    for number in range(options.rounds + 1):
        print(f"round {number} of {options.rounds}" if number else "warming up", file=sys.stderr, flush=True)
        for column in (ALL, NONE):
            measure.switch(column)
            for subject in subjects:
                subject.measure(agent, measure, column, 0.9 if number else 0.1)
                if number and column is ALL:
                    subject.measure_beside(agent, measure)
        if number == 0:
            for subject in subjects:  # what was lost until here counts all the same
                for kept in (subject.bpf, subject.agent):
                    kept[ALL].clear(), kept[NONE].clear()
                subject.calls.clear()
    detach()
    return table(subjects) + "\n\n" + NOTES


def table(subjects):
    http = next(s for s in subjects if s.name == "http")
    first, call = statistics.fmean(http.bpf[ALL]), statistics.fmean(http.bpf[ALL]) / statistics.fmean(http.calls)
    rows = []
    for s in subjects:
        spent, calls = statistics.fmean(s.bpf[ALL]), statistics.fmean(s.calls)
        beside = statistics.fmean(s.beside) if s.beside else 0
        rows.append([s.name, spread(s.bpf[ALL], 0), spread(s.bpf[NONE], 0), f"{spent / first:.2f}", spread(s.beside, 0), f"{spent / beside:.2f}" if beside else "–", spread(s.calls, 1), f"{spent / calls / call:.2f}",
                     spread(s.agent[ALL], 0), spread(s.agent[NONE], 0), ", ".join(f"{n:,} {reason}" for reason, n in s.lost.items()) or "nothing"])
    return markdown(["protocol", "BPF ns per exchange, 100 %", "sampled out", "of HTTP/1's", "HTTP/1's beside it, ns", "of that", "socket calls per exchange, both ends", "ns per call, of HTTP/1's",
                     "agent ns per exchange, 100 %", "sampled out", "lost"], rows)


NOTES = f"""To reach: 1.5 of HTTP/1's for protocols of one exchange at a time; HTTP/2 (and gRPC) 2,000 ns with {STREAMS} streams in flight. How: a real server of each on core 0, traced; the plainest exchange of it
(a row, a key, a ping, a message or a body of 100 bytes, an empty call) over and over by a real client on core 1, beside the agent and an OTLP receiver. BPF time is the kernel's statistics of all programs less what
the statistics cost, by empty programs beside; the client's own socket calls are in it, unselected (some 25 ns each on `socklen`).
"HTTP/1's beside it" is an exchange with nginx, on the same cores, after each one of the protocol: what a server does between its calls pushes the programs out of the processor's caches, a JVM or a database more than nginx that does
nothing else, and this is what HTTP/1 costs then. It is still nginx that answers it, so the programs are colder for the protocol than for HTTP/1 even there.
"Socket calls" are those of the whole machine meanwhile, so on a quiet one those of server and client: a server that reads a length first makes one more, and each costs what finding its connection costs."""
