"""`./dev bench http`: the columns, round after round."""

import dataclasses
import os
import statistics
import sys
import time

from . import programs
from .cluster import applies
from .columns import ALL, COLUMNS, NONE, OFF, ONE, OTHER, Policies
from .measure import Measure, changes
from .report import columns_table, programs_table, targets_table
from .rig import Rig, resident


@dataclasses.dataclass
class Result:
    full: list = dataclasses.field(default_factory=list)
    more: list = dataclasses.field(default_factory=list)  # µs CPU of the worker per request, more than off in the same round
    programs: list = dataclasses.field(default_factory=list)
    calls: list = dataclasses.field(default_factory=list)  # net nanoseconds per run of a socket program
    bpf: list = dataclasses.field(default_factory=list)  # µs per request of the worker, net
    latency: list = dataclasses.field(default_factory=list)


def progress(text):
    print(f"\r\033[K{text}" if sys.stderr.isatty() else text, end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def one_round(measure, results, seconds):
    for column in COLUMNS:
        measure.switch(column)
        time.sleep(0.3)
        results[column].full.append(full := measure.full_speed())
        if column == OFF:
            off = full.worker
        results[column].more.append(full.worker - off)
        results[column].programs.append(measure.bpf_time(max(1, seconds // 2)))
    split(results)


def split(results):
    """The load generator's own system calls run the programs too, unselected: half of what both ends cost when neither is selected is taken off."""
    both, count = _per_request(results[OTHER].programs[-1])
    for column in COLUMNS:
        ns, _ = _per_request(results[column].programs[-1])
        results[column].calls.append(both / max(1e-9, count))
        results[column].bpf.append((ns - both / 2) / 1e3)


def _per_request(bpf):
    return (sum(value[i] for value in bpf.runs.values()) / bpf.requests for i in (0, 1))


def ready(rig, policies, times):
    """Seconds until /q/health says UP, through ./dev and by the JVM alone."""
    runs = ([], [])
    for jvm, took in enumerate(runs):
        for _ in range(times):
            agent = rig.agent(policies.directory, jvm=bool(jvm))
            took.append(agent.ready_after)
            rig.stage.end(agent.process)
    return runs


def applies_or_why(stage, count):
    """What was measured before must not be lost because a cluster does not do its part."""
    try:
        return applies(stage, count)
    except SystemExit as why:
        progress(str(why) + "\n")
        return str(why).splitlines()[0]


def run(stage, options):
    detach = programs.attach_empty(options.empty)
    rig = Rig(stage, options.wire)
    policies = Policies(stage, rig.server, rig.other)
    policies.write(OFF)
    progress("agent start …")
    facts = {"ready": ready(rig, policies, 3), "apply": []}
    agent = rig.agent(policies.directory, *(["--backend", options.backend] if options.backend else []))
    agent.await_generation_after(0)
    measure = Measure(rig, agent, policies, options.seconds)
    measure.switch(NONE)
    idle = resident(agent.process.pid)[0]
    progress("warming up …")
    measure.switch(ALL)
    rig.wrk(options.seconds)
    results = {column: Result() for column in COLUMNS}
    for number in range(options.rounds):
        progress(f"full speed, round {number + 1} of {options.rounds} …")
        one_round(measure, results, options.seconds)
    detach()
    for number in range(options.rounds):
        progress(f"{options.rate:,} requests/s, round {number + 1} of {options.rounds} …")
        for column in COLUMNS:
            measure.switch(column)
            results[column].latency.append(measure.latency(options.rate, options.seconds))
    facts["rss"] = (idle, resident(agent.process.pid)[1])
    progress("policy changes …")
    facts["file"] = changes(agent, policies, (NONE, ONE), options.changes)
    if os.environ.get("KUBECONFIG"):
        stage.end(agent.process)
        progress("kubectl apply …")
        facts["apply"] = applies_or_why(stage, options.changes)
    progress("")
    cost = statistics.fmean(b.statistics for column in COLUMNS for b in results[column].programs)
    return "\n\n".join((targets_table(results, facts), columns_table(results, options.rate), programs_table(results), NOTES.format(cost=cost)))


NOTES = """How: nginx with one worker (`return 200`, 100 B body) on core 0; wrk (16 keep-alive connections, browser-like headers of 300 B), the agent and an OTLP receiver share core 1.
CPU of the worker from `/proc/PID/schedstat`, ± is the standard deviation over rounds. "other cgroup" = programs attached, another cgroup selected. BPF run time from the kernel's statistics
in runs of their own; each run counted costs {cost:.0f} ns for the statistics themselves, measured by empty programs on the same tracepoints in the same run, and taken off. wrk's socket calls run the
programs too: half of what both ends cost in the column "other cgroup" is taken off. Latency by an open loop. "Lost" are the agent's counters of the
kernel and of itself, by reason; "unaccounted" would be what was kept and neither counted as lost nor accepted by the receiver."""
