"""JMH's results of the agent's readers as a table: usage: parsers_table.py RESULTS [--write]."""

import collections
import json
import pathlib
import sys

from .table import machine, markdown, replace_section, today

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cells(one):
    """GB/s with its 99.9 % interval as JMH has it, and bytes allocated per byte read."""
    read = one["secondaryMetrics"]["bytes"]
    allocated = next(metric["score"] for name, metric in one["secondaryMetrics"].items() if name.endswith("gc.alloc.rate.norm"))
    return f"{read['score'] / 1e9:.2f} ± {float(read['scoreError']) / 1e9:.2f}", f"{allocated:.1f}"


def main():
    found = collections.defaultdict(dict)
    for one in json.loads(pathlib.Path(sys.argv[1]).read_text()):
        found[one["params"]["protocol"]][one["benchmark"].rpartition(".")[2]] = cells(one)
    nothing = ("–", "–")
    rows = [[name, *kinds["read"], *kinds["refuse"], *kinds.get("sanitize", nothing)] for name, kinds in found.items()]
    text = f"""## Parsers

`./dev bench parsers` on {today()}: {machine()}.

{markdown(["protocol", "read, GB/s", "B allocated", "refused, GB/s", "B allocated", "SQL without literals, GB/s", "B allocated"], rows)}

To reach: 1 GB/s on golden captures, and nothing allocated where bytes are refused. JMH, one fork, 5 × 0.5 s after 1.5 s; an operation reads all golden captures of a protocol once, or the same with every bit
turned over; allocated is by JMH's gc profiler, per operation. ± is JMH's interval of 99.9 %."""
    print(text)
    if "--write" in sys.argv:
        replace_section(ROOT / "docs" / "benchmarks.md", "parsers", text)


main()
