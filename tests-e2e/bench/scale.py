"""`./dev bench fleet`: what the fleet's program saw, as a table with what is to be reached beside it. `python3 -m bench.scale [--write] COMMAND CURVE FIGURES…`"""

import json
import pathlib
import sys

from .table import machine, markdown, replace_section, today

ROOT = pathlib.Path(__file__).resolve().parents[2]


def number(value, digits=1):
    return f"{value:,.{digits}f}" if isinstance(value, (int, float)) else str(value)


def change(figures, name, figure, digits=1):
    return number(figures[name][figure], digits)


# What is measured, what to reach, and how it is read from the figures.
ROWS = [
    ("apply → last ACK, a policy on every node, p50 / p99, ms", "p99 ≤ 1,000", lambda f: f"{change(f, 'wide', 'p50 ms', 0)} / {change(f, 'wide', 'p99 ms', 0)}"),
    ("… on 10 nodes, p50 / p99, ms", "p99 ≤ 150", lambda f: f"{change(f, 'narrow', 'p50 ms', 0)} / {change(f, 'narrow', 'p99 ms', 0)}"),
    ("operator RSS, with all agents / most ever, MiB", "≤ 512", lambda f: f"{number(f['rss MiB'], 0)} / {number(f['rss most MiB'], 0)}"),
    ("… before an agent came, MiB", "–", lambda f: number(f["rss without agents MiB"], 0)),
    ("operator CPU per pod change, ms", "≤ 10", lambda f: change(f, "churn", "cpu ms", 2)),
    ("… at pod changes per second", "200", lambda f: change(f, "churn", "per second", 0)),
    ("operator CPU per change of the wide / the narrow policy, ms", "–", lambda f: f"{change(f, 'wide', 'cpu ms', 0)} / {change(f, 'narrow', 'cpu ms', 0)}"),
    ("bytes to agents per change (TLS): wide / narrow / pod", "–", lambda f: " / ".join(change(f, name, "bytes", 0) for name in ("wide", "narrow", "churn"))),
    ("writes of all policies' statuses per change, wide / narrow", "≤ 2", lambda f: f"{change(f, 'wide', 'status writes', 2)} / {change(f, 'narrow', 'status writes', 2)}"),
    ("… of the changed policy's own", "–", lambda f: f"{change(f, 'wide', 'own writes', 2)} / {change(f, 'narrow', 'own writes', 2)}"),
    ("… of all statuses and of Kubernetes Events", "–", lambda f: f"{change(f, 'wide', 'writes', 2)} / {change(f, 'narrow', 'writes', 2)}"),
    ("… per pod change", "–", lambda f: change(f, "churn", "writes", 3)),
    ("operator started → ready / all agents back and current, s", "–", lambda f: f"{number(f['restart ready s'])} / {number(f['restart s'])}"),
    ("all agents reconnect at once → all back, s", "≤ 15", lambda f: number(f["reconnect s"])),
    ("all agents connect for the first time, s", "–", lambda f: number(f["first connect s"])),
]

HOW = """How: kube-apiserver and etcd with all nodes, pods (20 or 100 of a node, with status and managed fields) and policies as objects; the operator with `-XX:MaxRAM=512m`, guarded by TLS and tokens; a process that holds a stream per
node, by a connection, handshake and bound token of its own, and acknowledges, reports and comes back as the agent does, and writes each node's status every five minutes as a kubelet does. All of it shares the machine's cores, so every time contains the load process' and the API server's own work. A pod change is a pod
that is deleted, made, or gets its containers' ids; "bytes" are what the agents' sockets received. The compilation is in a process of its own: medians of its thread's processor time, after a warm-up."""


def main():
    arguments = sys.argv[1:]
    write = "--write" in arguments
    command, curve, *files = [one for one in arguments if one != "--write"]
    runs = [json.loads(pathlib.Path(file).read_text()) for file in files]
    head = ["", "to reach", *(f"{run['nodes']:,} nodes, {run['pods']:,} pods, {run['policies']:,} policies" for run in runs)]
    table = markdown(head, [[title, aim, *(figure(run) for run in runs)] for title, aim, figure in ROWS])
    text = f"## A fleet\n\n`{command}` on {today()}: {machine()}.\n\n{table}\n\n{HOW}\n\nWhat a compilation costs:\n\n{pathlib.Path(curve).read_text().strip()}"
    print(text)
    if write:
        replace_section(ROOT / "docs" / "benchmarks.md", "fleet", text)


if __name__ == "__main__":
    main()
