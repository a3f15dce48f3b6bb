"""`./dev bench tls`: what a request costs its server when it goes through TLS, with everything kept and with nothing attached."""

import pathlib
import re
import statistics
import subprocess
import sys
import time

from stage.stage import await_true, free_port, listening

from . import programs
from .columns import ALL, OFF, Policies
from .measure import Measure
from .rig import NGINX, Rig, cpu_of_process
from .table import markdown, spread

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONNECTIONS = 16


def certificate(directory):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", directory / "key.pem", "-out", directory / "cert.pem"], check=True, capture_output=True)


class Server:
    """One of those that are compared, on core 0."""

    def __init__(self, name, url, pid):
        self.name, self.url, self.pid = name, url, pid
        self.cpu, self.rate = {OFF: [], ALL: []}, {OFF: [], ALL: []}

    def measure(self, rig, column, seconds):
        before = cpu_of_process(self.pid)
        requests = self._requests(rig, seconds)
        self.cpu[column].append((cpu_of_process(self.pid) - before) / requests / 1e3)
        self.rate[column].append(requests / seconds)

    def _requests(self, rig, seconds):
        text = rig._output(["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", self.url])
        if "Socket errors" in text or "Non-2xx" in text:
            raise SystemExit(text)
        return int(re.search(r"(\d+) requests in", text)[1])

    def programs(self, rig, agent, seconds):
        """{program: (nanoseconds, runs) per request}, of both ends, less what the kernel's statistics cost."""
        ids = agent.program_ids()
        with programs.Statistics():
            before = programs.runs(ids)
            requests = self._requests(rig, seconds)
            spent = programs.difference(programs.runs(ids), before)
        empty = [spent.pop(name) for name in programs.EMPTY]
        cost = sum(ns for ns, _ in empty) / max(1, sum(count for _, count in empty))
        return {name: ((ns - count * cost) / requests, count / requests) for name, (ns, count) in spent.items() if count > requests / 100}

    def added(self):
        return [on - off for on, off in zip(self.cpu[ALL], self.cpu[OFF])]


def nginx(rig):
    """The plain one's configuration, with TLS on another port: the worker's process."""
    port, directory = free_port(), rig.stage.directory / "tls"
    directory.mkdir()
    certificate(directory)
    text = NGINX.format(directory=directory, port=port, body="x" * 100)
    keys = f"listen 127.0.0.1:{port} ssl; ssl_certificate {directory}/cert.pem; ssl_certificate_key {directory}/key.pem;"
    (directory / "nginx.conf").write_text(text.replace(f"listen 127.0.0.1:{port};", keys))
    process = rig.stage.start(["taskset", "-c", "0", "nginx", "-p", directory, "-e", directory / "error.log", "-c", directory / "nginx.conf"], rig.server)
    await_true("nginx does not listen", lambda: listening(port))
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return Server("nginx, TLS (OpenSSL)", f"https://127.0.0.1:{port}/hello", int(await_true("nginx has no worker", lambda: children.read_text().split())[0]))


def go(rig, name, encrypted):
    port = free_port()
    prefix = ["env", f"TLS={rig.stage.directory / 'tls'}"] if encrypted else ["env"]
    process = rig.stage.start(["taskset", "-c", "0", *prefix, "GOMAXPROCS=1", ROOT / ".spandrel/programs/go", "server", str(port)], rig.server, stdout=subprocess.DEVNULL)
    await_true("the Go server does not listen", lambda: listening(port))
    return Server(name, f"http{'s' if encrypted else ''}://127.0.0.1:{port}/bench/bytes/100", process.pid)


def await_probes(agent, files):
    def there():
        return sum(value for name, _, value in agent.metrics() if name == "spandrel_tls_files") >= files
    await_true("the probes are not there", there)
    time.sleep(0.3)


def run(stage, options):
    rig = Rig(stage, options.wire)
    policies = Policies(stage, rig.server, rig.other)
    policies.write(OFF)
    servers = [Server("nginx", f"http://127.0.0.1:{rig.port}/hello", rig.worker), nginx(rig), go(rig, "Go", False), go(rig, "Go, TLS", True)]
    agent = rig.agent(policies.directory, *(["--backend", options.backend] if options.backend else []))
    agent.await_generation_after(0)
    measure = Measure(rig, agent, policies, options.seconds)
    measure.switch(ALL)
    for number in range(options.rounds + 1):
        print(f"round {number} of {options.rounds}" if number else "warming up", file=sys.stderr, flush=True)
        for column in (OFF, ALL):
            measure.switch(column)
            if column == ALL:
                await_probes(agent, 2)
            for server in servers:
                server.measure(rig, column, options.seconds)
        if number == 0:
            for server in servers:  # warming up
                for kept in (server.cpu, server.rate):
                    kept[OFF].clear(), kept[ALL].clear()
    lost = {labels["spandrel_reason"]: int(value) for name, labels, value in agent.metrics() if name == "spandrel_lost_total" and value}
    detach = programs.attach_empty(options.empty)
    spent = [server.programs(rig, agent, options.seconds) for server in servers]
    detach()
    rows = [[s.name, spread(s.rate[OFF], 0), spread(s.rate[ALL], 0), spread(s.cpu[OFF]), spread(s.cpu[ALL]), spread(s.added())] for s in servers]
    head = ["server", "requests/s, off", "100 %", "CPU per request, µs, off", "100 %", "added"]
    more = [f"{servers[i + 1].name}: {statistics.fmean(servers[i + 1].added()) - statistics.fmean(servers[i].added()):.2f} µs" for i in (0, 2)]
    return f"{markdown(head, rows)}\n\nMore than what plain text adds: {'; '.join(more)}. Lost, by reason: {lost or 'nothing'}.\n\n{by_program(servers, spent)}\n\n{NOTES}"


def by_program(servers, spent):
    names = sorted({name for one in spent for name in one})
    rows = [[f"`{name}`", *(f"{one[name][0]:,.0f} ns in {one[name][1]:.2f} runs" if name in one else "–" for one in spent)] for name in names]
    return markdown(["program, per request, both ends", *(server.name for server in servers)], rows)


NOTES = """How: a server on core 0, one processor each; wrk (16 keep-alive connections), the agent and an OTLP receiver share core 1. CPU of the server's process by its own clock. "off": nothing attached. "100 %": every exchange
becomes a span. A request through TLS passes two probes in nginx (where plaintext is copied to who reads, and where records are made of it; a call that finds nothing to read passes none) and two in Go; wrk's own library has the same probes, which its core pays."""
