"""Command line of the benchmarks."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing was started yet: Ctrl-C just ends it

import argparse
import pathlib
import shlex
import sys

from stage import interrupts
from stage.stage import Stage

from . import cli, http, probesets, protocols, tls
from .table import machine, replace_section, today

ROOT = pathlib.Path(__file__).resolve().parents[2]


ROUNDS = {"tls": 3, "protocols": 3}
TITLES = {"http": "HTTP", "tls": "TLS", "cli": "CLI", "protocols": "Protocols", "probesets": "Probe sets"}


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description="What Spandrel costs, measured on this machine.")
    parser.add_argument("subject", choices=["http", "tls", "cli", "protocols", "probesets"])
    parser.add_argument("--rounds", type=int, help="rounds over all columns (default: 5; of tls and protocols 3)")
    parser.add_argument("--seconds", type=int, default=4, help="seconds of load per figure (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=10_000, help="requests/s for the latency rows (default: %(default)s)")
    parser.add_argument("--changes", type=int, default=200, help="policy changes for the latency of a change (default: %(default)s)")
    parser.add_argument("--backend", choices=["socklen", "sysexit"], help="force a backend of the agent")
    parser.add_argument("--only", help="of protocols: these alone, by commas, beside HTTP")
    parser.add_argument("--write", action="store_true", help="also into docs/benchmarks.md")
    parser.add_argument("--wire", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--empty", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rounds = options.rounds or ROUNDS.get(options.subject, 5)
    return options


def main():
    options = parse()
    shown = [a for a in sys.argv[1:] if not a.startswith(("--wire", "--empty", "--write"))]
    interrupts.install()
    try:
        with Stage("bench") as stage:
            tables = {"http": http, "tls": tls, "cli": cli, "protocols": protocols, "probesets": probesets}[options.subject].run(stage, options)
    except interrupts.Interrupted:
        sys.exit("bench: interrupted; everything was taken away again")
    title = f"## {TITLES[options.subject]}{', backend ' + options.backend if options.backend else ''}\n\n`./dev bench {shlex.join(shown)}` on {today()}: {machine()}."
    print(f"{title}\n\n{tables}")
    if options.write:
        replace_section(ROOT / "docs" / "benchmarks.md", f"{options.subject} {options.backend or ''}".strip(), f"{title}\n\n{tables}")


main()
