"""How long a person waits for the command-line tool: from its start to its end, with an operator and an agent that live."""

import json
import pathlib
import subprocess
import time

from .cluster import kubectl, one_node
from .table import markdown, percentile

BIN = pathlib.Path(__file__).resolve().parents[2] / "cli/bin"
DEPLOYED = ["get", "pods", "-A", "-l", "app.kubernetes.io/name=spandrel-operator", "-o", "json"]


def run(stage, options):
    """A table; where the operator is deployed, of the plug-in as people call it, which has kubectl look for its pods and forward ports to them."""
    if json.loads(kubectl(*DEPLOYED))["items"]:
        pod = next(pod for pod in json.loads(kubectl("get", "pods", "-A", "-o", "json"))["items"] if pod["metadata"]["namespace"] != "kube-system")
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        return table("kubectl spandrel", [BIN / "kubectl-spandrel"], name, namespace, [], options.rounds)
    with one_node(stage) as node:
        return table("spandrel", [BIN / "spandrel"], "bench", node.namespace, ["--operator", node.operator], options.rounds)


def table(shown, command, pod, namespace, options, rounds):
    rows = {
        f"{shown} --help": [*command, "--help"],
        f"{shown} nodes": [*command, "nodes", *options],
        f"{shown} status": [*command, "status", "-n", namespace, *options],
        f"{shown} explain pod/NAME, read back from the kernel": [*command, "explain", f"pod/{pod}", "-n", namespace, *options],
        "kubectl get tpol, to compare": ["kubectl", "get", "tpol", "-n", namespace],
    }
    seconds = {row: [] for row in rows}
    for _ in range(rounds * 4):
        for row, line in rows.items():
            seconds[row].append(timed(line))
    return markdown(["seconds", "p50", "p90", "most"], [[row, *(f"{percentile(sorted(some), share):.2f}" for share in (0.5, 0.9, 1))] for row, some in seconds.items()])


def timed(line):
    begin = time.monotonic()
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, line))} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return time.monotonic() - begin
