"""From `kubectl apply` of a ProbeSet to the first metric of it at a receiver of OTLP."""

import http.server
import threading
import time

from .cluster import kubectl, one_node
from .table import markdown, percentile

PERIOD_MILLIS = 20
SET = """apiVersion: spandrel.dev/v1alpha1
kind: ProbeSet
metadata: {{name: bench-{number}, namespace: {namespace}}}
spec:
  podSelector: {{matchLabels: {{app: bench}}}}
  probes:
  - name: arrival-{number}-set
    program: "tracepoint:syscalls:sys_enter_getpgid {{ @calls[comm] = count(); }}"
"""
LOAD = "import os, time\nwhile True: os.getpgid(0); time.sleep(0.001)"


class Receiver:
    """Remembers when the name of a metric, which stands in the messages as it is, arrived first."""

    def __init__(self):
        self.wanted, self.at, self.came = b"", 0.0, threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.wanted and receiver.wanted in body and not receiver.came.is_set():
                    receiver.at = time.monotonic()
                    receiver.came.set()
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self):
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.server.server_port}",
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
            "OTEL_METRIC_EXPORT_INTERVAL": str(PERIOD_MILLIS),
        }

    def expect(self, name):
        self.came.clear()
        self.wanted = name.encode()

    def arrival(self):
        if not self.came.wait(60):
            raise SystemExit(f"nothing of {self.wanted.decode()} arrived within 60 s")
        return self.at


def run(stage, options):
    receiver = Receiver()
    with one_node(stage, receiver.environment()) as node:
        stage.start(["python3", "-S", "-c", LOAD], node.container)
        from_start, from_end = [], []
        for number in range(options.rounds * 4):
            receiver.expect(f"arrival-{number}-set")
            begin = time.monotonic()
            kubectl("apply", "-f", "-", text=SET.format(number=number, namespace=node.namespace))
            end = time.monotonic()
            arrived = receiver.arrival()
            from_start.append((arrived - begin) * 1000)
            from_end.append((arrived - end) * 1000)
            kubectl("delete", "probeset", f"bench-{number}", "-n", node.namespace)
    rows = [[what, f"{some[0]:,.0f}", *(f"{percentile(sorted(some[1:]), share):,.0f}" for share in (0, 0.5, 0.9, 1))]
            for what, some in (("from kubectl's start", from_start), ("from kubectl's end", from_end))]
    return markdown([f"ms until the first metric of a ProbeSet is at the receiver, {len(from_start)} sets", "the first", "the others: least", "p50", "p90", "most"], rows) + (
        f"\n\nThe pod's process makes the probed call a thousand times a second, and the agent sends metrics each {PERIOD_MILLIS} ms. The first set is the first that operator and agent have seen since they started.")
