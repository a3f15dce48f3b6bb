"""Probes beside bpftrace: from text to attached, memory, and what one event costs the process that is looked at.

An event's cost is CPU time of the load per call, with a tracer less that without, both in one run, interleaved; BPF run-time statistics would count the calls of
every other process too, as system calls share one tracepoint here. Usage: probes.py SPANDREL [ROUNDS]
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

LOAD = """
import ctypes, os, sys, time
calls, what = int(sys.argv[1]), sys.argv[2]
ssl = ctypes.CDLL("libssl.so.3") if what == "ssl" else None
one = {"getppid": os.getppid, "access": lambda: os.access("/tmp", 0), "ssl": lambda: ssl.SSL_read(None, None, -1)}[what]
while sys.stdin.readline():
    start = time.thread_time_ns()
    for _ in range(calls): one()
    print((time.thread_time_ns() - start) / calls, flush=True)
"""
LIBSSL = "/usr/lib/x86_64-linux-gnu/libssl.so.3"
SCRIPTS = {
    "count": ("getppid", 200_000, "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { @ = count(); }"),
    "hist": ("getppid", 200_000, "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { @ = hist(nsecs & 65535); }"),
    "str as key": ("access", 100_000, "tracepoint:syscalls:sys_enter_access /pid == PID/ { @[str(args->filename)] = count(); }"),
    "kernel stack as key": ("getppid", 100_000, "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { @[kstack] = count(); }"),
    "uprobe on SSL_read": ("ssl", 50_000, "uprobe:" + LIBSSL + ":SSL_read /pid == PID/ { @ = count(); }"),
}
PROLOGUE = 'BEGIN { printf("begins\\n"); } interval:ms:50 { printf("runs\\n"); }\n'


class Load:
    def __init__(self, what, calls):
        self.process = subprocess.Popen([sys.executable, "-c", LOAD, str(calls), what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def nanos(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def traced(command, program):
    """Starts a tracer and waits until its last probe fires."""
    output = tempfile.TemporaryFile("w+")
    start = time.monotonic()
    process = subprocess.Popen(command + [PROLOGUE.join(["", program])], stdout=output, stderr=subprocess.STDOUT)
    while "runs" not in read(output):
        if process.poll() is not None:
            raise SystemExit(read(output))
        time.sleep(0.01)
    return process, time.monotonic() - start


def read(file):
    file.seek(0)
    return file.read()


def resident(pid):
    status = open(f"/proc/{pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def main():
    spandrel, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    mounted = "mount -t debugfs none /sys/kernel/debug 2>/dev/null; exec bpftrace \"$@\""
    tools = {"spandrel": [spandrel, "probe", "run", "-e"], "bpftrace": ["unshare", "-m", "sh", "-c", mounted, "sh", "-e"]}
    started, memory = {t: [] for t in tools}, {t: [] for t in tools}
    print("| ns of CPU per event, median of %d rounds | spandrel | bpftrace | ratio |\n|---|---|---|---|" % rounds)
    for name, (what, calls, program) in SCRIPTS.items():
        load = Load(what, calls)
        load.nanos()
        added = {t: [] for t in tools}
        for _ in range(rounds):
            for tool, command in tools.items():
                before = load.nanos()
                process, seconds = traced(command, program.replace("PID", str(load.process.pid)))
                during = load.nanos()
                started[tool].append(seconds)
                memory[tool].append(resident(process.pid))
                process.terminate()
                process.wait()
                added[tool].append(during - before)
        load.end()
        ours, theirs = (statistics.median(added[t]) for t in tools)
        print(f"| {name} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f} |", flush=True)
    for what, values, form in (("start to first event, s", started, ".2f"), ("resident, MiB", memory, ".0f")):
        ours, theirs = (statistics.median(values[t]) for t in tools)
        print(f"| {what} | {ours:{form}} | {theirs:{form}} | {ours / theirs:.2f} |")


main()
