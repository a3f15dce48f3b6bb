"""The node agent in standalone mode, as a person would start it: `./dev agent --policies DIR`."""

import json
import os
import pathlib
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request

from .spans import spans_of
from .stage import await_true, free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEV = (ROOT / "dev", "agent")
GENERATION = re.compile(r"generation (\d+) in the kernel after ([0-9.]+) ms")


def jvm_command():
    """What ./dev agent becomes in the end."""
    home = ROOT / "node-agent" / "agent"
    script = 'source "$ROOT/dev.d/lib/toolchain.sh" && find_java && echo "$JAVA_HOME"'
    java = subprocess.run(["bash", "-c", script], env=os.environ | {"ROOT": str(ROOT)}, check=True, capture_output=True, text=True).stdout.strip()
    app = home / "target" / "quarkus-app"
    cache = [f"-XX:AOTCache={app}/policies.aot"] if (app / "policies.aot").exists() else []
    return (f"{java}/bin/java", f"@{home}/jvm.options", *cache, "-jar", app / "quarkus-run.jar")


class Agent:
    def __init__(self, stage, policies, *options, command=DEV, output=("--output", "jsonl"), environment=None, command_prefix=(), secret=None):
        """Returns when the agent is ready. Spans are read from its standard output, unless `output` sends them elsewhere. What has the secret in it is in `leaks`."""
        self.secret, self.leaks = secret, []
        self.port = free_port()
        self.spans = []
        self.log = []
        self.generations = []  # (time.monotonic, generation, milliseconds by the agent's own account)
        self.begun = time.monotonic()
        command = [*command_prefix, *command, *(("--policies", policies) if policies else ()), "--state-dir", stage.directory / f"state-{self.port}"]
        command += [*output, "--http", f"127.0.0.1:{self.port}", *options]
        out = subprocess.PIPE if output else subprocess.DEVNULL
        self.process = stage.start(command, stdout=out, stderr=subprocess.PIPE, env=os.environ | (environment or {}))
        if output:
            threading.Thread(target=self._read_spans, daemon=True).start()
        threading.Thread(target=self._read_log, daemon=True).start()
        await_true("the agent is not ready", self._ready, pause=0.01)
        self.ready_after = time.monotonic() - self.begun

    def _read_spans(self):
        for line in self.process.stdout:
            if self.secret and self.secret in line:
                self.leaks.append(line)
            self.spans.extend(spans_of(json.loads(line)))

    def _read_log(self):
        for line in self.process.stderr:
            now, text = time.monotonic(), line.decode(errors="replace").rstrip()
            self.log.append(text)
            if found := GENERATION.search(text):
                self.generations.append((now, int(found[1]), float(found[2])))

    def health(self):
        return self._get("/q/health")

    def _ready(self):
        if self.process.poll() is not None:
            time.sleep(0.1)
            raise SystemExit("the agent ended:\n" + "\n".join(self.log[-20:]))
        try:
            return '"UP"' in self.health()
        except (urllib.error.URLError, OSError):
            return False

    def _get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
            return response.read().decode()

    def metrics(self):
        """(name, {label: value}) → value."""
        samples = []
        for line in self._get("/metrics").splitlines():
            if line and not line.startswith("#"):
                key, value = line.rsplit(" ", 1)
                name, _, labels = key.partition("{")
                samples.append((name, dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels)), float(value)))
        return samples

    def metric(self, name, **labels):
        """Sum of all samples of that name that carry these labels."""
        return sum(v for n, have, v in self.metrics() if n == name and labels.items() <= have.items())

    def lost(self):
        return {l["spandrel_reason"]: int(v) for n, l, v in self.metrics() if n == "spandrel_lost_total" and v}

    def await_generation_after(self, generation):
        """(time.monotonic, generation, milliseconds) of the first one that is newer."""
        def newer():
            return next((g for g in self.generations if g[1] > generation), None)
        return await_true(f"no generation after {generation}: {self.log[-3:]}", newer, pause=0.001)

    def generation(self):
        return self.generations[-1][1] if self.generations else 0

    def program_ids(self):
        """Ids of the BPF programs that the agent holds, from the kernel's account of its descriptors."""
        ids = set()
        for file in os.listdir(f"/proc/{self.process.pid}/fdinfo"):
            try:
                text = pathlib.Path(f"/proc/{self.process.pid}/fdinfo/{file}").read_text()
            except FileNotFoundError:
                continue
            if "prog_type" in text:
                ids.update(int(i) for i in re.findall(r"^prog_id:\s*(\d+)", text, re.M))
        return ids
