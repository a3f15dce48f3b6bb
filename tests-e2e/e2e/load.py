"""A client in a pod of its own: each request has a path of its own, and what no server answered is asked again."""

import json
import time

from stage.stage import await_true

from .app import MANIFESTS
from .cluster import Failed


class Load:
    """Runs in the background until it is ended."""
    count = 0

    def __init__(self, cluster, namespace, image, rate=60):
        Load.count += 1
        self.cluster, self.namespace, self.name, self._said = cluster, namespace, f"load-{Load.count}", []
        self.prefix = f"/{self.name}/"
        pod = json.loads((MANIFESTS / "client.json").read_text())
        pod["metadata"]["name"] = self.name
        container = pod["spec"]["containers"][0]
        container["image"] = image
        container["args"] = ["-c", (MANIFESTS / "client.py").read_text(), self.prefix, str(rate)]
        cluster.apply(json.dumps(pod), namespace=namespace)
        await_true(f"{self.name} does not run", self._running, patience=60, pause=0.1)
        self._log = cluster.follow(f"/api/v1/namespaces/{namespace}/pods/{self.name}/log?follow=true", self._said.append)

    def _running(self):
        return self.cluster.json(f"/api/v1/namespaces/{self.namespace}/pods/{self.name}")["status"]["phase"] == "Running"

    def end(self, after=0.0):
        """How many requests were answered."""
        time.sleep(after)
        self.cluster.kubectl("delete", "pod", "-n", self.namespace, self.name, "--wait=false")
        self._log.join(40)
        if not self._said or not self._said[-1].replace(" ", "").isdigit():
            raise Failed(f"{self.name} said {self._said[-5:]}")
        return int(self._said[-1].split()[0])
