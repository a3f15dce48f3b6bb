"""JMH's results of the agent's readers as a table: usage: parsers_table.py RESULTS [--write]."""

import collections
import json
import pathlib
import sys

from .table import machine, markdown, replace_section, spread, today

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cells(one):
    """GB per second of processor time with the spread of the iterations, and bytes allocated per operation."""
    read, spent = (one["secondaryMetrics"][name]["rawData"][0] for name in ("bytes", "nanos"))
    rates = [count / nanos for count, nanos in zip(read, spent)]
    allocated = next(metric["score"] for name, metric in one["secondaryMetrics"].items() if name.endswith("gc.alloc.rate.norm"))
    return spread(rates), f"{allocated:.1f}"


def main():
    found = collections.defaultdict(dict)
    for one in json.loads(pathlib.Path(sys.argv[1]).read_text()):
        found[one["params"]["protocol"]][one["benchmark"].rpartition(".")[2]] = cells(one)
    nothing = ("–", "–")
    rows = [[name, *kinds["read"], *kinds["refuse"], *kinds.get("sanitizeNew", nothing), kinds.get("sanitize", nothing)[0]] for name, kinds in found.items()]
    text = f"""## Parsers

`./dev bench parsers` on {today()}: {machine()}.

{markdown(["protocol", "read, GB/s", "B allocated", "refused, GB/s", "B allocated", "new SQL without literals, GB/s", "B allocated", "SQL that was there before, GB/s"], rows)}

To reach: 1 GB/s on golden captures, and nothing allocated where bytes are refused. JMH, one fork, 5 × 0.5 s after 1.5 s, GB per second of the reading thread's processor time; an operation reads all golden captures of a protocol once, or the same with every bit
turned over; allocated is by JMH's gc profiler, per operation. ± is the standard deviation of the iterations. New SQL has a number in a comment that goes up."""
    print(text)
    if "--write" in sys.argv:
        replace_section(ROOT / "docs" / "benchmarks.md", "parsers", text)


main()
