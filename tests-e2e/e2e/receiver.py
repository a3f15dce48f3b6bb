"""What arrived in the OpenTelemetry Collector: spans, and the last value of each series of counts."""

import collections
import dataclasses
import json
import threading

from .app import MANIFESTS

COUNTS = "http.server.request.duration"


@dataclasses.dataclass(frozen=True)
class Span:
    path: str
    kind: int
    attributes: dict  # of its resource


class Receiver:
    def __init__(self, cluster, namespace, image):
        self.spans = []
        self._counts, self._sums, self._lock = {}, {}, threading.Lock()
        cluster.apply((MANIFESTS / "receiver.yaml").read_text().replace("IMAGE", image), namespace=namespace)
        cluster.kubectl("wait", "-n", namespace, "--for=condition=Ready", "pod/receiver", "--timeout=120s")
        address = cluster.json(f"/api/v1/namespaces/{namespace}/services/receiver")["spec"]["clusterIP"]
        self.endpoint = f"http://{address}:4318"
        cluster.follow(f"/api/v1/namespaces/{namespace}/pods/receiver/log?follow=true", self._line)

    def _line(self, text):
        request = json.loads(text)
        with self._lock:
            for resource in request.get("resourceSpans", []):
                attributes = _attributes(resource["resource"])
                for span in (span for scope in resource["scopeSpans"] for span in scope["spans"]):
                    self.spans.append(Span(_attributes(span).get("url.path", ""), span["kind"], attributes))
            for resource in request.get("resourceMetrics", []):
                pod = _attributes(resource["resource"]).get("k8s.pod.name", "")
                metrics = [metric for scope in resource["scopeMetrics"] for metric in scope["metrics"]]
                for metric in (metric for metric in metrics if "sum" in metric):
                    self._sums[metric["name"], pod] = sum(int(point.get("asInt", 0)) for point in metric["sum"]["dataPoints"])
                for metric in (metric for metric in metrics if metric["name"] == COUNTS):
                    for point in metric["histogram"]["dataPoints"]:
                        # An agent's series begins with the agent: its start tells it from another agent's.
                        series = (pod, point["startTimeUnixNano"], json.dumps(point.get("attributes"), sort_keys=True))
                        self._counts[series] = int(point["count"])

    def server_spans(self, prefix):
        """Path to spans."""
        found = collections.defaultdict(list)
        with self._lock:
            for span in self.spans:
                if span.kind == 2 and span.path.startswith(prefix):
                    found[span.path].append(span)
        return found

    def sums(self, name):
        """The last value of a sum, by pod."""
        with self._lock:
            return {pod: value for (metric, pod), value in self._sums.items() if metric == name}

    def counted(self):
        """Requests that all agents have counted, by pod."""
        sums = collections.Counter()
        with self._lock:
            for (pod, _, _), count in self._counts.items():
                sums[pod] += count
        return sums


def _attributes(holder):
    return {a["key"]: next(iter(a["value"].values()), "") for a in holder.get("attributes", [])}
