"""The app whose requests are traced: nginx, and its own access log as the oracle."""

import dataclasses
import json
import pathlib
import threading
import time

from stage.stage import await_true

NAME = "web"
MANIFESTS = pathlib.Path(__file__).parent / "manifests"


@dataclasses.dataclass(frozen=True)
class Request:
    """One line of the access log: when it was answered (by the node's clock), its path, and by which pod."""
    at: float
    path: str
    pod: str


class App:
    def __init__(self, cluster, namespace, image):
        self.cluster, self.namespace = cluster, namespace
        self.pods = {}  # name → object as seen last, also of pods that are gone
        self._requests, self._readers, self._lock = [], {}, threading.Lock()
        cluster.apply((MANIFESTS / "app.yaml").read_text().replace("IMAGE", image), namespace=namespace)
        cluster.follow(f"/api/v1/namespaces/{namespace}/pods?watch=1&labelSelector=app.kubernetes.io%2Fname%3D{NAME}", self._pod)
        self.rolled_out()

    def rolled_out(self):
        self.cluster.kubectl("rollout", "status", "-n", self.namespace, f"deployment/{NAME}", "--timeout=180s")

    def scale(self, replicas):
        self.cluster.kubectl("scale", "-n", self.namespace, f"deployment/{NAME}", f"--replicas={replicas}")

    def restart(self):
        self.cluster.kubectl("rollout", "restart", "-n", self.namespace, f"deployment/{NAME}")

    def gone(self):
        await_true("the app's pods are not gone", lambda: not self.cluster.pods(self.namespace, NAME), patience=90, pause=0.2)

    def _pod(self, line):
        pod = json.loads(line)["object"]
        name = pod["metadata"]["name"]
        with self._lock:
            self.pods[name] = pod
            running = any("running" in c["state"] for c in pod.get("status", {}).get("containerStatuses", []))
            if running and name not in self._readers:
                path = f"/api/v1/namespaces/{self.namespace}/pods/{name}/log?follow=true"
                self._readers[name] = self.cluster.follow(path, lambda text: self._logged(name, text))

    def _logged(self, pod, text):
        at, path = text.split(" ")
        with self._lock:
            self._requests.append(Request(float(at), path, pod))

    def requests(self, prefix):
        with self._lock:
            return [request for request in self._requests if request.path.startswith(prefix)]

    def logged(self, prefix, answered):
        """Those of one load, when the log has all that its client has seen answered."""
        await_true(f"the access log has {len(self.requests(prefix))} of {answered} requests", lambda: len(self.requests(prefix)) >= answered)
        time.sleep(0.3)  # an answer that its client did not get may still be on its way into the log
        return self.requests(prefix)
