"""Spandrel itself: installed, updated, asked and taken away with kubectl, as people do it."""

import json
import pathlib
import re
import subprocess

from stage.stage import await_true

from .app import MANIFESTS
from .cluster import Failed, ready

NAMESPACE, AGENT, OPERATOR = "spandrel-system", "spandrel-agent", "spandrel-operator"
ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGIN, LOGS = ROOT / "cli/bin/kubectl-spandrel", ROOT / ".spandrel/e2e"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class Spandrel:
    def __init__(self, cluster, folder, namespace):
        """folder: of kustomize, what is installed; namespace: the app's."""
        self.cluster, self.folder, self.namespace = cluster, folder, namespace

    def install(self):
        self.cluster.kubectl("apply", "-k", self.folder)
        self.rolled_out()

    def rolled_out(self):
        for workload in (f"deployment/{OPERATOR}", f"daemonset/{AGENT}"):
            self.cluster.kubectl("rollout", "status", "-n", NAMESPACE, workload, "--timeout=180s")

    def uninstall(self):
        self.cluster.kubectl("delete", "-k", self.folder, "--timeout=120s")

    def save_logs(self):
        """Of all its pods, into files; returns their folder."""
        LOGS.mkdir(parents=True, exist_ok=True)
        for pod in self.cluster.json(f"/api/v1/namespaces/{NAMESPACE}/pods")["items"]:
            name = pod["metadata"]["name"]
            (LOGS / f"{name}.log").write_text(self.cluster.get(f"/api/v1/namespaces/{NAMESPACE}/pods/{name}/log"))
        return LOGS

    def update_agents(self):
        self.cluster.kubectl("rollout", "restart", "-n", NAMESPACE, f"daemonset/{AGENT}")
        self.rolled_out()

    def agents(self):
        """Name to object, of those that are not ending."""
        return {name: pod for name, pod in self.cluster.pods(NAMESPACE, AGENT).items() if "deletionTimestamp" not in pod["metadata"]}

    def operators(self):
        return {name for name, pod in self.cluster.pods(NAMESPACE, OPERATOR).items() if ready(pod)}

    def leader(self):
        """The pod that holds the Lease, so that it may write; its identity is POD.START_ADDRESS."""
        lease = self.cluster.json(f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases/{OPERATOR}")
        return lease["spec"].get("holderIdentity", "").partition(".")[0]

    def delete_operator(self, name):
        self.cluster.kubectl("delete", "pod", "-n", NAMESPACE, name)
        self.cluster.kubectl("rollout", "status", "-n", NAMESPACE, f"deployment/{OPERATOR}", "--timeout=120s")

    def metric(self, name):
        """Sum over all agents."""
        total = 0.0
        for agent in self.agents():
            text = self.cluster.get(f"/api/v1/namespaces/{NAMESPACE}/pods/{agent}:9464/proxy/metrics")
            total += sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.M))
        return total

    def apply_policy(self):
        self.cluster.apply((MANIFESTS / "policy.yaml").read_text(), namespace=self.namespace)
        self.programmed()

    def apply_probes(self):
        self.cluster.apply((MANIFESTS / "probes.yaml").read_text(), namespace=self.namespace)
        self.cluster.kubectl("wait", "-n", self.namespace, "--for=condition=Ready", "pset/calls", "--timeout=60s")

    def delete_probes(self):
        self.cluster.kubectl("delete", "-n", self.namespace, "pset", "calls", "--wait=true")

    def patch_policy(self, spec):
        self.cluster.kubectl("patch", "tpol", "web", "-n", self.namespace, "--type=merge", "-p", json.dumps({"spec": spec}))
        self.programmed()

    def programmed(self):
        """The status is of the policy as it is now, and it is in the kernel everywhere."""
        self.cluster.kubectl("wait", "-n", self.namespace, "--for=condition=Programmed", "tpol/web", "--timeout=60s")

    def status(self):
        return self.cluster.json(f"/apis/spandrel.dev/v1alpha1/namespaces/{self.namespace}/tracepolicies/web").get("status", {})

    def await_status(self, what, wanted):
        return await_true(f"{what}; the status is {json.dumps(self.status())}", lambda: wanted(self.status()), patience=60, pause=0.2)

    @staticmethod
    def ask(*words):
        """kubectl spandrel, through its own port-forward."""
        done = subprocess.run([PLUGIN, *words], text=True, capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"kubectl spandrel {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout
