"""The demo from curtain to curtain. Arguments: the path of npm's http-server."""

import dataclasses
import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing was started yet: Ctrl-C just ends it

import secrets
import subprocess
import sys
import time

from stage import interrupts
from stage.agent import Agent
from stage.stage import Stage

from . import tree
from .policies import ALL, EDITS, FILE, OFF, Policies
from .screen import fit, heading, number, paint, say
from .servers import Servers
from .story import CONNECTIONS, RATE, Story

SECONDS = 3.0
TRY_NEXT = """  ./dev agent --policies DIR --output jsonl  traces what runs here, e.g. nginx, by a file there:

      apiVersion: spandrel.dev/v1alpha1
      kind: TracePolicy
      metadata: {name: first}
      spec: {podSelector: {matchLabels: {exe: nginx}}, sampling: {percent: 10}}

  OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:4318 ./dev agent --policies DIR    to a receiver
  ./dev cluster up                           a cluster of two nodes on this machine, with all of it and a shop
  ./dev bench http                           what it costs, on your machine"""


def show_cast(servers, agent, identity):
    heading("Running")
    for name, process in servers.processes.items():
        say(f"  {fit(name, 8)} {fit(servers.commands[name], 24)} pid {process.pid:<8} 127.0.0.1:{servers.ports[name]:<6} cgroup {servers.cgroups[name].name}")
    say(f"  {fit('client', 8)} {fit('a small Python load', 24)} {CONNECTIONS} keep-alive connections, {RATE} requests/s, 1 in 50 has x-debug: 1")
    say(f"  {fit('agent', 8)} {fit('./dev agent --policies …', 24)} pid {agent.process.pid:<8} ready after {agent.ready_after:.1f} s; {len(identity.programs)} BPF programs loaded")


def show_trace(story, servers):
    trace_id, parent = secrets.token_hex(16), secrets.token_hex(8)
    header = f"traceparent: 00-{trace_id}-{parent}-01"
    base = f"http://127.0.0.1:{servers.ports['nginx']}"
    urls = [f"{base}/python/hello.txt", f"{base}/node/hello.txt"]
    for given in (["-H", "x-first: 1"], ["-H", header]):  # the first request to a server says more about its start than about it
        subprocess.run(["curl", "-sf", *given, *urls], check=True, stdout=subprocess.DEVNULL)
    heading("One trace")
    say(paint(f"  curl -H '{header}' \\", "dim"))
    say(paint(f"    {base}/python/hello.txt {base}/node/hello.txt", "dim"))
    say()
    for line in tree.draw(story.trace(trace_id, 6), parent, f"span {parent}, the context that curl gave; nginx hands it on unchanged"):
        say("  " + line)


def show_header():
    heading(f"Editing {FILE} while everything runs")
    say(paint(f"  {'edit':<24}{'in the kernel':>14}   {'spans per second':^19}   {'requests that nginx answered':<28}", "dim"))
    say(paint(f"  {'':<24}{'after':>14}   {'before → after':^19}   {'kernel':>7}   {'access log':<15}", "dim"))


def show_row(title, millis, before, window, differences, off=False):
    took = f"{millis:.1f} ms" if millis else "–"
    rate = f"{number(before.spans_per_second) if before else '–':>7} → {number(window.spans_per_second):<9}"
    agree = window.kernel == window.logged
    good = window.kernel == 0 if off else agree
    sign = paint("off: counts none", "dim") if off else paint("agree", "green") if agree else paint("DIFFER", "red")
    say(f"  {paint(fit(title, 24), 'bold')}{took:>14}   {rate}   {window.kernel:>7,} {'=' if agree else '≠'} {window.logged:<7,} {sign}")
    if differences:
        say(paint(f"  changed: {', '.join(differences)}", "red"))
    return good and not differences


def loss(before_off, now):
    if before_off or set(now) - {"gap"}:
        return paint(f"Lost: {now}.", "red")
    return "Lost: nothing" + (f"; {now['gap']} streams moved on while it was off, and were picked up." if now else ".")


def edits(story, policies, programs):
    show_header()
    at_first = dataclasses.replace(story.identity(), programs=programs)
    window = story.window(SECONDS)
    good = show_row("100 %", None, None, window, [])
    before_off = {}
    for title, spec in EDITS:
        before_off = story.agent.lost() if spec == OFF else before_off
        millis = story.edit(policies, spec)
        time.sleep(0.2)
        before, window = window, story.window(SECONDS)
        good &= show_row(title, millis, before, window, at_first.differences(story.identity()), off=spec == OFF)
    now = story.identity()
    if same := not at_first.differences(now):
        say()
        say(f"  Unchanged by the {len(EDITS)} edits: {len(at_first.programs)} BPF programs (ids {' '.join(map(str, sorted(at_first.programs)))}), "
            f"{len(now.processes)} processes,")
        say(f"  {len(now.connections)} connections to nginx. {loss(before_off, story.agent.lost())}")
    return good and same


def run(stage, http_server):
    say("Starting servers and the agent …")
    servers = Servers(stage, http_server)
    policies = Policies(stage, servers.cgroups.values())
    policies.write(ALL)
    agent = Agent(stage, policies.directory)
    agent.await_generation_after(0)
    story = Story(stage, servers, agent)
    identity = story.identity()
    show_cast(servers, agent, identity)
    show_trace(story, servers)
    story.resume()
    time.sleep(0.3)
    good = edits(story, policies, identity.programs)
    heading("Try next")
    say(TRY_NEXT)
    return good


def main():
    interrupts.install()
    begin = time.monotonic()
    try:
        with Stage("demo") as stage:
            good = run(stage, sys.argv[1])
    except interrupts.Interrupted:
        say("\nInterrupted; everything was taken away again.")
        sys.exit(130)
    say(paint(f"\nEnded after {time.monotonic() - begin:.0f} s; processes, cgroups and files are gone.", "dim"))
    sys.exit(0 if good else 1)


main()
