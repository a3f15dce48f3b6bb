"""nginx in front of Python's http.server and Node's http-server: none of it written or changed by us."""

import os
import pathlib
import sys

from stage.stage import await_true, free_port, listening

PAGE = "<!doctype html><title>{0}</title><p>This page is served by {0}.\n"

NGINX = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
  log_format one '$request_time $status $request_uri';
  access_log {directory}/access.log one;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_requests 1000000;
  upstream python {{ server 127.0.0.1:{python}; }}
  upstream node {{ server 127.0.0.1:{node}; keepalive 8; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location /python/ {{ proxy_pass http://python/; }}
    location /node/ {{ proxy_pass http://node/; }}
  }}
}}
"""


class Servers:
    NAMES = ("nginx", "python", "node")

    def __init__(self, stage, http_server):
        self.stage = stage
        self.ports = {name: free_port() for name in self.NAMES}
        self.cgroups = {name: stage.cgroup(name) for name in self.NAMES}
        self.access_log = stage.directory / "access.log"
        config = stage.directory / "nginx.conf"
        config.write_text(NGINX.format(directory=stage.directory, port=self.ports["nginx"], python=self.ports["python"], node=self.ports["node"]))
        python = [sys.executable, "-m", "http.server", self.ports["python"], "--bind", "127.0.0.1", "--directory", self._site("python")]
        node = ["node", http_server, self._site("node"), "-p", self.ports["node"], "-a", "127.0.0.1", "-s", "-c-1"]
        nginx = ["nginx", "-p", stage.directory, "-e", stage.directory / "nginx-error.log", "-c", config]
        self.commands = {"python": "python3 -m http.server", "node": "http-server (npm)", "nginx": "nginx, reverse proxy"}
        self.processes = {name: stage.start(command, self.cgroups[name], env=os.environ | {"NO_UPDATE_NOTIFIER": "1"})
                          for name, command in (("python", python), ("node", node), ("nginx", nginx))}
        for name, port in self.ports.items():
            await_true(f"{name} does not listen on port {port}", lambda: listening(port))

    def _site(self, name):
        site = self.stage.directory / f"{name}-site"
        site.mkdir()
        (site / "index.html").write_text(PAGE.format(name))
        (site / "hello.txt").write_text(f"Hello from {name}.\n" * 8)
        return site

    def logged(self):
        """How many requests nginx's own access log holds."""
        with open(self.access_log, "rb") as log:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: log.read(1 << 20), b""))

    def pids(self):
        return {pid for cgroup in self.cgroups.values() for pid in cgroup.pids()}

    def connections(self):
        """The clients' ends of what is established to nginx."""
        port, found = f":{self.ports['nginx']:04X}", set()
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "01" and fields[2].endswith(port):
                found.add(fields[1])
        return found
