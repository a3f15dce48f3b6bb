"""What was measured, as tables, with the targets beside."""

from .columns import ALL, CHANCE, COLUMNS, OFF, OTHER, NONE
from .table import markdown, percentile, spread


def columns_table(results, rate):
    """One row per figure, one column per policy."""
    def row(title, figure, wanted=lambda column: True):
        return [title, *(figure(results[column]) if wanted(column) else "–" for column in COLUMNS)]

    rows = [
        row("requests/s at full speed", lambda r: spread((f.rate for f in r.full), 0)),
        row("CPU per request of the worker, µs", lambda r: spread(f.worker for f in r.full)),
        row("… more than off, µs (pairs of one round)", lambda r: spread(r.more), lambda c: c != OFF),
        row("BPF run time per request of the worker, net, µs", lambda r: spread(r.bpf), lambda c: c != OFF),
        row("spans", lambda r: f"{sum(f.spans for f in r.full):,}"),
        row("lost, by reason", lambda r: _lost(r.full)),
        row("agent CPU per span, µs", lambda r: spread(f.agent for f in r.full), lambda c: c == ALL),
        row(f"p50 latency at {rate:,}/s, µs", lambda r: spread((p50 for p50, _ in r.latency), 0)),
        row(f"p99 latency at {rate:,}/s, µs", lambda r: spread((p99 for _, p99 in r.latency), 0)),
    ]
    return markdown(["", *(column.name for column in COLUMNS)], rows)


def programs_table(results):
    """Net nanoseconds per request and program, both ends' socket calls together, as the kernel counts them."""
    names = sorted({name for column in COLUMNS for b in results[column].programs for name in b.runs})

    def cell(result, name):
        requests = sum(b.requests for b in result.programs)
        ns = sum(b.runs.get(name, (0, 0))[0] for b in result.programs)
        count = sum(b.runs.get(name, (0, 0))[1] for b in result.programs)
        return f"{ns / requests:,.0f} ns in {count / requests:.2f} runs" if count else "–"

    shown = [column for column in COLUMNS if column != OFF]
    rows = [[f"`{name}`", *(cell(results[column], name) for column in shown)] for name in names]
    return markdown(["program", *(column.name for column in shown)], rows)


def targets_table(results, facts):
    def bpf(column):
        return spread(results[column].bpf)

    lost = _lost([f for column in COLUMNS for f in results[column].full])
    rows = [
        ["BPF run time per request of the worker, 100 %", "≤ 0.9 µs", f"{bpf(ALL)} µs"],
        ["… sampled out (0 %), exact metrics", "≤ 0.75 µs", f"{bpf(NONE)} µs"],
        ["… 1 % by chance alone, metrics off", "≤ 0.25 µs", f"{bpf(CHANCE)} µs"],
        ["an unselected socket call", "≤ 30 ns", f"{spread(results[OTHER].calls, 0)} ns"],
        ["spans lost at full speed", "0", lost],
        ["agent CPU per span", "≤ 2 µs", f"{spread(f.agent for f in results[ALL].full)} µs"],
        ["agent RSS, idle / most under load", "≤ 128 MiB", "{:.0f} / {:.0f} MiB".format(*facts["rss"])],
        ["agent ready, from `./dev agent` / from its JVM", "≤ 1 s", "{} / {} s".format(*(spread(r) for r in facts["ready"]))],
        [f"file → kernel, p50 / p99 of {len(facts['file'])}", "p99 ≤ 50 ms", _percentiles(facts["file"])],
        *_apply_rows(facts["apply"]),
    ]
    return markdown(["", "to reach", "measured"], rows)


def _lost(runs):
    reasons = {}
    for run in runs:
        for reason, count in run.lost.items():
            reasons[reason] = reasons.get(reason, 0) + count
    return ", ".join(f"{count:,} {reason}" for reason, count in reasons.items()) or "0"


def _apply_rows(applies):
    if not applies:
        return [["`kubectl apply` → kernel", "p99 ≤ 150 ms", "not measured: no KUBECONFIG"]]
    if isinstance(applies, str):
        return [["`kubectl apply` → kernel", "p99 ≤ 150 ms", f"failed: {applies}"]]
    from_start, from_end = applies
    return [[f"`kubectl apply` → kernel, p50 / p99 of {len(from_end)}, from kubectl's end", "p99 ≤ 150 ms", _percentiles(from_end)],
            ["… from kubectl's start, its own run time included", "–", _percentiles(from_start)]]


def _percentiles(ordered):
    return f"{percentile(ordered, 0.5):.1f} / {percentile(ordered, 0.99):.1f} ms"
