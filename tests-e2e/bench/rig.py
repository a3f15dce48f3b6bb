"""nginx on core 0; load, agent and receiver on core 1."""

import pathlib
import re
import subprocess
import time

from stage import interrupts
from stage.agent import DEV, Agent, jvm_command
from stage.stage import await_true, free_port, listening

SCHEDULED = 2  # CPUCLOCK_SCHED
CONNECTIONS = 16
BROWSER = ("User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
           "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Encoding: gzip, deflate, br", "Accept-Language: en-US,en;q=0.5")
NGINX = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "{body}"; }} }}
}}
"""


class Rig:
    def __init__(self, stage, wire):
        self.stage, self.wire, self.port, sink = stage, wire, free_port(), free_port()
        self.server, self.other = stage.cgroup("server"), stage.cgroup("other")
        config = stage.directory / "nginx.conf"
        config.write_text(NGINX.format(directory=stage.directory, port=self.port, body="x" * 100))
        self.nginx = stage.start(["taskset", "-c", "0", "nginx", "-p", stage.directory, "-e", stage.directory / "nginx-error.log", "-c", config], self.server)
        stage.start(["sleep", "infinity"], self.other)
        stage.start(["taskset", "-c", "1", wire, "sink", f"127.0.0.1:{sink}"])
        self.receiver = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{sink}", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
        await_true("nginx does not listen", lambda: listening(self.port) and listening(sink))
        children = pathlib.Path(f"/proc/{self.nginx.pid}/task/{self.nginx.pid}/children")
        self.worker = int(await_true("nginx has no worker", lambda: children.read_text().split())[0])

    def agent(self, policies, *options, jvm=False):
        command = jvm_command() if jvm else DEV
        return Agent(self.stage, policies, *options, command=command, output=(), environment=self.receiver, command_prefix=("taskset", "-c", "1"))

    def wrk(self, seconds):
        """Requests that were answered at full speed."""
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", f"http://127.0.0.1:{self.port}/hello"]
        for header in BROWSER:
            command += ["-H", header]
        text = self._output(command)
        if "Socket errors" in text or "Non-2xx" in text:
            raise SystemExit(text)
        if not (requests := int(re.search(r"(\d+) requests in", text)[1])):
            raise SystemExit(f"no request in {seconds} s was answered:\n{text}")
        return requests

    def open_loop(self, rate, seconds):
        """(requests, p50 µs, p99 µs) at a fixed rate."""
        command = ["taskset", "-c", "1", self.wire, "load", f"127.0.0.1:{self.port}", CONNECTIONS, rate, seconds]
        requests, p50, p99 = self._output(command).split()
        return int(requests), float(p50), float(p99)

    def _output(self, command):
        process = self.stage.start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        text = process.communicate()[0]
        with interrupts.deferred():
            self.stage.processes.remove(process)
        if process.returncode:
            raise SystemExit(f"{command[3]} failed: {text}")
        return text


def cpu_of_thread(pid):
    """Nanoseconds that a single-threaded process has run."""
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def cpu_of_process(pid):
    """Nanoseconds of all threads, ended ones included: the clock of clock_getcpuclockid(3), as the kernel numbers it."""
    return time.clock_gettime_ns(~pid << 3 | SCHEDULED)


def resident(pid):
    """Resident and highest resident memory in MiB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"^{key}:\s+(\d+)", status, re.M)[1]) / 1024 for key in ("VmRSS", "VmHWM"))
