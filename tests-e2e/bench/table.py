"""Numbers as a person reads them, in Markdown."""

import datetime
import os
import pathlib
import platform
import re
import statistics


def spread(values, digits=2):
    """Mean ± standard deviation."""
    values = list(values)
    if not values:
        return "–"
    mean = f"{statistics.fmean(values):,.{digits}f}"
    return f"{mean} ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else mean


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def machine():
    model = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 2**20
    return f"Linux {platform.release()}, {model[1] if model else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"


def today():
    return datetime.date.today().isoformat()


def replace_section(path, name, text):
    """Puts text between the section's two marks, or at the end of the file."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    old = path.read_text() if path.exists() else "# Benchmarks\n"
    section = f"{begin}\n{text}\n{end}"
    if begin in old and end in old:
        new = old[: old.index(begin)] + section + old[old.index(end) + len(end):]
    else:
        new = f"{old.rstrip()}\n\n{section}\n"
    path.write_text(new)
