"""From `kubectl apply` to the kernel: a real API server, the operator, an agent, and a pod object with a cgroup as a kubelet lays it out."""

import contextlib
import dataclasses
import json
import subprocess
import time
import uuid

from stage.agent import DEV, Agent
from stage.cgroup import Cgroup
from stage.stage import await_true, free_port, listening

POD = """apiVersion: v1
kind: Pod
metadata: {{name: bench, namespace: {namespace}, labels: {{app: bench}}}}
spec: {{nodeName: bench-node, containers: [{{name: web, image: nginx}}]}}
"""
POLICY = """apiVersion: spandrel.dev/v1alpha1
kind: TracePolicy
metadata: {{name: bench, namespace: {namespace}}}
spec: {{podSelector: {{matchLabels: {{app: bench}}}}, sampling: {{percent: {percent}}}}}
"""


def kubectl(*arguments, text=None):
    done = subprocess.run(["kubectl", *arguments], input=text, text=True, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"kubectl {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def applies(stage, count):
    """Two sorted lists of milliseconds until the kernel decides by it: from kubectl's start, and from its end (0: before kubectl ended)."""
    with one_node(stage) as node:
        return _applies(node.agent, node.namespace, count)


@dataclasses.dataclass(frozen=True)
class Node:
    """Where an operator's agent has one pod, named bench, and a policy that selects it in its kernel."""
    agent: Agent
    namespace: str
    operator: str
    container: Cgroup


@contextlib.contextmanager
def one_node(stage, environment=None):
    namespace, port = f"bench-{uuid.uuid4().hex[:8]}", free_port()
    kubectl("create", "namespace", namespace)
    log = stage.directory / "operator.log"
    try:
        operator = stage.start([DEV[0], "operator", "--listen", f"127.0.0.1:{port}", "--http", f"127.0.0.1:{free_port()}"], stderr=log.open("wb"))
        await_true("the operator does not listen", lambda: listening(port) or operator.poll() is not None, patience=60)
        kubectl("apply", "-f", "-", text=POD.format(namespace=namespace))
        pod = json.loads(kubectl("get", "pod", "bench", "-n", namespace, "-o", "json"))["metadata"]["uid"]
        path = ""
        for element in ("kubepods", "burstable", f"pod{pod}", uuid.uuid4().hex * 2):
            path = f"{path}/{element}" if path else element
            container = stage.cgroup(path)
        stage.start(["sleep", "infinity"], container)
        agent = Agent(stage, None, "--operator", f"127.0.0.1:{port}", "--node", "bench-node", output=() if environment else ("--output", "jsonl"), environment=environment)
        kubectl("apply", "-f", "-", text=POLICY.format(namespace=namespace, percent=50))
        try:
            kubectl("wait", "--for=condition=Programmed", "tracepolicy/bench", "-n", namespace, "--timeout=30s")
        except SystemExit as why:
            raise SystemExit("\n".join([str(why), "the operator's log:", log.read_text(), "the agent's log:", *agent.log])) from why
        yield Node(agent, namespace, f"127.0.0.1:{port}", container)
    finally:
        kubectl("delete", "namespace", namespace, "--wait=false")


def _applies(agent, namespace, count):
    from_start, from_end = [], []
    for i in range(count):
        generation, begin = agent.generation(), time.monotonic()
        kubectl("apply", "-f", "-", text=POLICY.format(namespace=namespace, percent=10 + i % 2))
        end = time.monotonic()
        live = agent.await_generation_after(generation)[0]
        from_start.append((live - begin) * 1000)
        from_end.append(max(0.0, live - end) * 1000)
        time.sleep(0.05)
    return sorted(from_start), sorted(from_end)
