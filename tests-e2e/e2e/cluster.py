"""The cluster of KUBECONFIG: kubectl for what people do with it, and its API through kubectl proxy for what is looked at often."""

import contextlib
import json
import re
import subprocess
import threading
import urllib.request


class Failed(Exception):
    """What is not as it should be, for the person who reads it."""


class Cluster:
    """Use as a context manager."""

    def __enter__(self):
        command = ["kubectl", "proxy", "--port=0", "--address=127.0.0.1"]
        self._proxy = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        line = self._proxy.stdout.readline()
        if not (port := re.search(r":(\d+)\s*$", line)):
            raise Failed(f"kubectl proxy: {line}")
        self._url = f"http://127.0.0.1:{port[1]}"
        return self

    def __exit__(self, *_):
        self._proxy.terminate()
        self._proxy.wait()

    @staticmethod
    def kubectl(*arguments, text=None):
        done = subprocess.run(["kubectl", *arguments], input=text, text=True, capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"kubectl {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout.strip()

    def apply(self, *objects, namespace):
        self.kubectl("apply", "-n", namespace, "-f", "-", text="\n---\n".join(objects))

    def get(self, path):
        with urllib.request.urlopen(self._url + path, timeout=20) as response:
            return response.read().decode()

    def json(self, path):
        return json.loads(self.get(path))

    def pods(self, namespace, app):
        """Name to object."""
        selector = f"labelSelector=app.kubernetes.io%2Fname%3D{app}"
        return {pod["metadata"]["name"]: pod for pod in self.json(f"/api/v1/namespaces/{namespace}/pods?{selector}")["items"]}

    def follow(self, path, on_line):
        """A thread that reads a long answer to its end; join it to know that it has."""
        def read():
            with contextlib.suppress(OSError), urllib.request.urlopen(self._url + path) as response:
                for line in response:
                    on_line(line.decode(errors="replace").rstrip("\n"))
        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread


def ready(pod):
    conditions = pod.get("status", {}).get("conditions", [])
    return "deletionTimestamp" not in pod["metadata"] and any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
