"""Probes beside bpftrace: from text to attached, memory, and what one event costs the process that is looked at.

An event's cost is CPU time of the load per call, with a tracer less the mean of that before and after it, on a processor of its own, both tools interleaved in one run;
what the tracer counted has to be what was called. BPF run-time statistics would count the calls of every other process too, as system calls share one tracepoint here. Usage: probes.py SPANDREL [ROUNDS]; with 0 rounds it only floods.
"""

import os
import re
import shutil
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
C_SOURCE = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static long ns(void) { struct timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return t.tv_sec * 1000000000L + t.tv_nsec; }
__attribute__((noinline)) int target(int x) { volatile int y = x; return y + 1; }
int main(int argc, char **argv) {
    long calls = atol(argv[1]); char line[8];
    while (fgets(line, sizeof line, stdin)) {
        long start = ns(); for (long i = 0; i < calls; i++) target((int)i);
        printf("%f\\n", (double)(ns() - start) / calls); fflush(stdout);
    }
}
"""
GO_SOURCE = """package main
import ("bufio"; "fmt"; "os"; "runtime"; "strconv"; "syscall"; "unsafe")
func ns() int64 { var t syscall.Timespec; syscall.Syscall(syscall.SYS_CLOCK_GETTIME, 3, uintptr(unsafe.Pointer(&t)), 0); return t.Nano() }
//go:noinline
func inner(x *[64]int) int { return x[3] }
//go:noinline
func target(x int) int { var a [64]int; a[x&63] = x; return inner(&a) }
func main() {
	runtime.LockOSThread()
	calls, _ := strconv.Atoi(os.Args[1])
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		start := ns(); for i := 0; i < calls; i++ { target(i) }
		fmt.Println(float64(ns()-start) / float64(calls))
	}
}
"""
FLOOD_SOURCE = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
static long ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000L + t.tv_nsec; }
int main(int argc, char **argv) {
    char line[8]; long start, made = 0, pace = atol(argv[1]);
    if (!fgets(line, sizeof line, stdin)) return 1;
    start = ns();
    for (long now = start; now - start < 2000000000L; now = ns())
        for (int i = 0; i < 100 && made < (now - start) / pace; i++, made++) syscall(SYS_getppid);
    printf("%ld\\n", made);
}
"""
LIBSSL = "/usr/lib/x86_64-linux-gnu/libssl.so.3"
SCRIPTS = {
    "count": ("getppid", 2_000_000, "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { @ = count(); }"),
    "hist": ("getppid", 2_000_000, "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { @ = hist(nsecs & 65535); }"),
    "str as key": ("access", 1_000_000, "tracepoint:syscalls:sys_enter_access /pid == PID/ { @[str(args->filename)] = count(); }"),
    "kernel stack as key": ("getppid", 500_000, "tracepoint:syscalls:sys_enter_getppid /pid == PID/ { @[kstack] = count(); }"),
    "uprobe on SSL_read": ("ssl", 100_000, "uprobe:" + LIBSSL + ":SSL_read /pid == PID/ { @ = count(); }"),
    "uprobe on an endbr64 function": ("c", 100_000, "uprobe:EXE:target /pid == PID/ { @ = count(); }"),
    "uprobe on a Go function": ("go", 100_000, "uprobe:EXE:main.target /pid == PID/ { @ = count(); }"),
}
BUILT = {
    "c": ("x.c", C_SOURCE, ["clang", "-O1", "-fcf-protection=branch", "-fno-omit-frame-pointer", "-o", "load", "x.c"]),
    "flood": ("x.c", FLOOD_SOURCE, ["clang", "-O1", "-o", "load", "x.c"]),
    "go": ("x.go", GO_SOURCE, ["go", "build", "-o", "load", "x.go"]),
}
PROLOGUE = 'BEGIN { printf("begins\\n"); } interval:ms:50 { printf("runs\\n"); }\n'


def built(what):
    """A program of its own, built in a folder of its own."""
    folder = tempfile.mkdtemp()
    name, source, command = BUILT[what]
    with open(os.path.join(folder, name), "w") as file:
        file.write(source)
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/local/go/bin"})
    return os.path.join(folder, "load")


class Load:
    def __init__(self, what, calls):
        self.exe = built(what) if what in BUILT else ""
        command = [self.exe, str(calls)] if self.exe else [sys.executable, "-c", LOAD, str(calls), what]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        os.sched_setaffinity(self.process.pid, {max(os.sched_getaffinity(0))})

    def nanos(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        if self.exe:
            shutil.rmtree(os.path.dirname(self.exe))


def traced(command, program):
    """Starts a tracer and waits until its last probe fires."""
    output = tempfile.TemporaryFile("w+")
    start = time.monotonic()
    process = subprocess.Popen(command + [PROLOGUE.join(["", program])], stdout=output, stderr=subprocess.STDOUT)
    while "runs" not in read(output):
        if process.poll() is not None:
            raise SystemExit(read(output))
        time.sleep(0.01)
    return process, time.monotonic() - start, output


def counted(said):
    """How many events its map has in the end, whatever the keys."""
    return sum(int(n) for n in re.findall(r"^(?:@.*|.*\]): (\d+)$|^[\[(].*[\])]\s+(\d+) \|", said, re.MULTILINE) for n in n if n)


def read(file):
    file.seek(0)
    return file.read()


def resident(pid):
    status = open(f"/proc/{pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def flooded(tools):
    """A hundred thousand calls a second by processes that pace themselves, one per processor, each call printed ten times: what arrived and what the tracer says it lost."""
    print("\n| printf at up to 1,000,000/s, 2 s | made | printed | said to be lost | neither |\n|---|---|---|---|---|")
    exe, processors = built("flood"), os.cpu_count()
    for tool, command in tools.items():
        pace = str(10_000 * processors)
        loads = [subprocess.Popen([exe, pace], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processors)]
        output = tempfile.TemporaryFile("w+")
        whose = " || ".join(f"pid == {load.pid}" for load in loads)
        program = 'tracepoint:syscalls:sys_enter_getppid /%s/ { unroll(10) { printf("x\\n"); } } interval:ms:50 /!@said/ { @said = 1; printf("runs\\n"); }' % whose
        process = subprocess.Popen(command + [program], stdout=output, stderr=subprocess.STDOUT)
        while "runs" not in read(output):
            time.sleep(0.05)
        for load in loads:
            load.stdin.write("go\n")
            load.stdin.flush()
        calls = sum(10 * int(load.communicate()[0]) for load in loads)
        time.sleep(1)
        process.terminate()
        process.wait()
        said = read(output)
        printed = sum(1 for line in said.split("\n") if line == "x")
        lost = sum(int(n) for n in re.findall(r"[Ll]ost (\d+) events", said))
        print(f"| {tool} | {calls:,} | {printed:,} | {lost:,} | {calls - printed - lost:,} |", flush=True)
    shutil.rmtree(os.path.dirname(exe))


def main():
    spandrel, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    mounted = "mount -t debugfs none /sys/kernel/debug 2>/dev/null; exec bpftrace \"$@\""
    tools = {"spandrel": [spandrel, "probe", "run", "-e"], "bpftrace": ["unshare", "-m", "sh", "-c", mounted, "sh", "-e"]}
    if rounds == 0:
        return flooded(tools)
    started, memory = {t: [] for t in tools}, {t: [] for t in tools}
    print("| ns of CPU per event, median of %d rounds | spandrel | bpftrace | ratio |\n|---|---|---|---|" % rounds)
    for name, (what, calls, program) in SCRIPTS.items():
        load = Load(what, calls)
        load.nanos()
        added = {t: [] for t in tools}
        for _ in range(rounds):
            for tool, command in tools.items():
                before = load.nanos()
                process, seconds, output = traced(command, program.replace("PID", str(load.process.pid)).replace("EXE", load.exe))
                during = load.nanos()
                started[tool].append(seconds)
                memory[tool].append(resident(process.pid))
                process.terminate()
                process.wait()
                if counted(read(output)) != calls:
                    raise SystemExit(f"{tool} saw {counted(read(output)):,} of {calls:,} events of {name}:\n{read(output)[-2000:]}")
                added[tool].append(during - (before + load.nanos()) / 2)
        load.end()
        ours, theirs = (statistics.median(added[t]) for t in tools)
        print(f"| {name} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f} |", flush=True)
    for what, values, form in (("start to first event, s", started, ".2f"), ("resident, MiB", memory, ".0f")):
        ours, theirs = (statistics.median(values[t]) for t in tools)
        print(f"| {what} | {ours:{form}} | {theirs:{form}} | {ours / theirs:.2f} |")
    flooded(tools)


main()
