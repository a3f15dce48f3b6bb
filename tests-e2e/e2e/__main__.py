"""From curtain to curtain: python3 -m e2e --folder=KUSTOMIZATION --images=PREFIX [--nodes=CGROUPS]"""

import argparse
import os
import pathlib
import sys
import tempfile
import time
import uuid

from stage import interrupts
from stage.stage import await_true

from . import node
from .app import App
from .cluster import Cluster, Failed
from .oracle import check
from .receiver import Receiver
from .spandrel import CRDS, Spandrel
from .steps import Steps, uninstalled

KUSTOMIZATION = """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [{folder}]
images:
- {{name: spandrel-operator, newName: {operator}, newTag: {version}}}
- {{name: spandrel-agent, newName: {agent}, newTag: {version}}}
patches:
- target: {{kind: DaemonSet, name: spandrel-agent}}
  patch: |
    - {{op: replace, path: /spec/template/spec/containers/0/env/1/value, value: "{endpoint}"}}
    - {{op: add, path: /spec/template/spec/containers/0/env/-, value: {{name: OTEL_METRIC_EXPORT_INTERVAL, value: "1000"}}}}
"""


def arguments():
    parser = argparse.ArgumentParser(prog="./dev e2e")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--images", default="")
    parser.add_argument("--version", required=True)
    parser.add_argument("--nodes", default="")
    return parser.parse_args()


class Run:
    def __init__(self, cluster, options):
        self.cluster, self.options = cluster, options
        self.namespace = f"e2e-{uuid.uuid4().hex[:6]}"
        self.failed = False

    def image(self, name):
        return f"{self.options.images}{name}:{self.options.version}"

    def step(self, title, action):
        begin = time.monotonic()
        try:
            seen = action()
        except (Failed, SystemExit) as why:
            self.failed = True
            print(f"failed  {title} ({time.monotonic() - begin:.0f} s)\n        {why}", flush=True)
            raise
        print(f"passed  {title} ({time.monotonic() - begin:.0f} s){': ' + seen if seen else ''}", flush=True)
        return seen

    def kustomization(self, directory, endpoint):
        images = {name: f"{self.options.images}spandrel-{name}" for name in ("operator", "agent")}
        folder = pathlib.Path(directory)
        text = KUSTOMIZATION.format(folder=os.path.relpath(self.options.folder, folder), version=self.options.version, endpoint=endpoint, **images)
        (folder / "kustomization.yaml").write_text(text)

    def go(self, directory):
        cluster = self.cluster
        crds = [crd["metadata"]["name"] for crd in cluster.json(CRDS)["items"]]
        if "tracepolicies.spandrel.dev" in crds and not self.options.nodes:
            raise Failed("Spandrel is installed there already, and this would take it away")
        before = node.attached_to_cgroups(self.options.nodes) if self.options.nodes else []
        cluster.kubectl("create", "namespace", self.namespace)
        cluster.kubectl("label", "namespace", self.namespace, "pod-security.kubernetes.io/enforce=restricted")
        receiver = Receiver(cluster, self.namespace, self.image("collector"))
        self.kustomization(directory, receiver.endpoint)
        spandrel = Spandrel(cluster, directory, self.namespace)
        held = set()
        try:
            self.step("install", spandrel.install)
            app = App(cluster, self.namespace, self.image("shop-nginx"))
            steps = Steps(cluster, spandrel, app, receiver, self.image("shop-python"))
            for step in steps.all():
                self.step(step.__doc__, step)
            held = node.held(node.agents(self.options.nodes)) if self.options.nodes else set()
        except (Failed, SystemExit):
            print(f"        the logs of operators and agents are in {spandrel.save_logs()}", flush=True)
            raise
        finally:
            self.step("uninstall: nothing is left", lambda: self.uninstall(spandrel, held, before))

    def uninstall(self, spandrel, held, before):
        self.cluster.kubectl("delete", "tpol,pset", "--all", "-A", "--ignore-not-found")
        spandrel.uninstall()
        uninstalled(self.cluster, spandrel)
        if not self.options.nodes:
            return "CRDs, roles, namespace; what its nodes' kernels hold cannot be seen from here"
        check(self.failed or {kind for kind, _ in held} >= {"prog", "map", "link"}, f"the agents held no programs, so that nothing is shown by their absence: {held}")
        await_true("BPF objects of the agents are still there", lambda: not node.still_there(held), patience=10, pause=0.3)
        check(not node.agents(self.options.nodes), "an agent still runs")
        check(not node.pins(), f"pinned: {node.pins()}")
        check(node.attached_to_cgroups(self.options.nodes) == before, "something is attached to the nodes' cgroups")
        return f"CRDs, roles, namespace, {len(held)} BPF objects, pins, cgroups"

    def end(self):
        self.cluster.kubectl("delete", "namespace", self.namespace, "--wait=false", "--ignore-not-found")


def main():
    interrupts.install()
    begin, options = time.monotonic(), arguments()
    run = None
    try:
        with Cluster() as cluster, tempfile.TemporaryDirectory(prefix="spandrel-e2e-") as directory:
            run = Run(cluster, options)
            try:
                run.go(directory)
            finally:
                interrupts.ignore()
                run.end()
    except interrupts.Interrupted:
        sys.exit(130)
    except Failed as why:
        if not (run and run.failed):
            print(f"failed  {why}", flush=True)
        sys.exit(1)
    print(f"Ended after {time.monotonic() - begin:.0f} s.")


main()
