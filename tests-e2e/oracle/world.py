"""Client → proxy that cuts bytes at random → server, each in a cgroup of its own, all of them traced."""

import os
import subprocess
import time

from stage.agent import Agent
from stage.stage import await_true, free_port, listening

from . import protocols
from .wire import Capture

PROGRAMS = protocols.ROOT / "tests-e2e" / "programs"
POLICY = """apiVersion: spandrel.dev/v1alpha1
kind: TracePolicy
metadata: {{name: {name}}}
spec:
  podSelector: {{matchLabels: {{cgroup: {cgroup}}}}}
  protocols: [{protocols}]
  sampling: {{percent: 100}}
"""
RING = 64 * 1024 * 1024
#: What clients put wherever values go: literals, keys' values, documents, records, metadata, cookies, query strings, bodies.
SECRET = "s3cr3t"
ENDS = ("client", "proxy", "server")


class World:
    def __init__(self, stage, cgroups, traced=ENDS, pauses=False):
        """`cgroups`: of each end. `traced`: which of them. `pauses`: whether the proxy now and then waits between two pieces."""
        self.stage, self.cgroups, self.traced, self.pauses = stage, cgroups, traced, pauses
        self.policies = stage.directory / "policies"
        self.policies.mkdir()
        self.out = (stage.directory / "programs.out").open("ab")
        for name, cgroup in self.cgroups.items():
            if name in traced:
                (self.policies / f"{name}.yaml").write_text(POLICY.format(name=name, cgroup=cgroup.name, protocols=", ".join(protocols.words())))
            self.start(["sleep", "infinity"], name)

    def start(self, command, end):
        return self.stage.start(command, self.cgroups[end], cwd=PROGRAMS, stdout=self.out, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONHASHSEED": "0"})

    def said(self):
        """The end of what programs wrote."""
        return open(self.out.name, errors="replace").read()[-2000:]

    def agent(self, backend):
        agent = Agent(self.stage, self.policies, "--backend", backend, "--ring-bytes", RING, secret=SECRET.encode())
        await_true(f"nothing is traced: {agent.log[-5:]}", lambda: any(f"{len(self.traced)} workload" in line for line in agent.log))
        return agent


class Side:
    """A server of one protocol and the proxy before it."""

    def __init__(self, world, name, seed):
        self.world, self.name, self.protocol = world, name, protocols.named(name)
        self.port, self.proxy_port = free_port(), free_port()
        files = world.stage.directory / name
        self.server = world.start(self.protocol.server(files, self.port, self.proxy_port), "server")
        await_true(f"{name}'s server does not listen: {world.said()}", self._listens, patience=60)
        self.proxy = world.start([protocols.PYTHON, "segments/proxy.py", self.proxy_port, self.port, seed, *(["pauses"] if world.pauses else [])], "proxy")
        await_true("the proxy does not listen", lambda: listening(self.proxy_port))

    def _listens(self):
        if self.server.poll() is not None:
            raise SystemExit(f"{self.name}'s server ended: {self.world.said()}")
        return listening(self.port)

    def ask(self, agent, seed, count):
        """The capture of what the client asked for, and the spans of it."""
        first = len(agent.spans)
        return self.capture(seed, count, lambda: settled(agent)), agent.spans[first:]

    def capture(self, seed, count, settle=lambda: None):
        """Of what the client asked for, until it has ended and the rest has settled."""
        datagrams = getattr(self.protocol, "DATAGRAMS", False)
        capture = Capture(self.world.stage, (self.proxy_port, self.port))
        command = self.protocol.client(self.port, seed, count, self.proxy_port) if datagrams else self.protocol.client(self.proxy_port, seed, count)
        client = self.world.start(command, "client")
        if client.wait(timeout=900):
            raise SystemExit(f"{command} ended with {client.returncode}: {self.world.said()}")
        settle()
        capture.end(None if datagrams else SECRET.encode(), getattr(self.protocol, "length", None))
        return capture


def leaks(agent):
    """Everything but the payload of the wire that has the secret in it: spans as exported, metrics, health, and what the agent writes for people."""
    said = agent.log + [f"{name}{labels}" for name, labels, _ in agent.metrics()] + [agent.health()]
    return [line.decode(errors="replace") for line in agent.leaks] + [line for line in said if SECRET in line]


def settled(agent, quiet=2.0, patience=30.0):
    """Until what only silence ends has left, which it does within 50 ms, and every exchange that the kernel kept is a span. Servers may go on talking among themselves."""
    begun = time.monotonic()
    while (spent := time.monotonic() - begun) < patience:
        if spent > quiet and agent.metric("spandrel_exchanges_kept_total") == len(agent.spans):
            return
        time.sleep(0.05)
