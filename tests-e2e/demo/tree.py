"""One trace as a tree, drawn with the time each span took."""

from .screen import fit, paint

BAR = 30
COLOURS = {"nginx": "green", "python": "blue", "node": "magenta"}
EIGHTHS = " ▏▎▍▌▋▊▉"


def draw(spans, root, label):
    """Lines. `root` is the span id of a context that was given from outside; `label` says by whom."""
    known = {span.span_id for span in spans} | {root}
    children = {}
    for span in sorted(spans, key=lambda s: s.start):
        children.setdefault(span.parent if span.parent in known else "", []).append(span)
    begin = min(s.start for s in spans)
    scale = (begin, max(s.end for s in spans) - begin)
    yield f"{paint('◆', 'yellow')} {label}"
    yield from _below(children, root, "", scale)
    for stray in children.get("", []):
        yield _line("╶╴", stray, scale)
        yield from _below(children, stray.span_id, "  ", scale)


def _below(children, parent, indent, scale):
    below = children.get(parent, [])
    for i, span in enumerate(below):
        last = i == len(below) - 1
        yield _line(indent + ("└─" if last else "├─"), span, scale)
        yield from _below(children, span.span_id, indent + ("  " if last else "│ "), scale)


def _line(branch, span, scale):
    service = span.service.removeprefix("spandrel-demo-")
    colour = COLOURS.get(service, "cyan")
    status = paint(fit(str(span.status), 4), "green" if str(span.status) < "4" else "red")
    took = f"{(span.end - span.start) / 1e6:6.2f} ms"
    text = [fit(branch + " " + service, 12), fit(span.kind, 6), fit(f"{span.name} {span.path}", 24)]
    return f"{paint(text[0], colour)} {text[1]} {text[2]} {status} {took} {paint(_bar(span, scale), colour)}"


def _bar(span, scale):
    begin, width = scale
    left = round((span.start - begin) / width * BAR)
    eighths = max(1, round((span.end - span.start) / width * BAR * 8))
    full, rest = divmod(min(eighths, (BAR - left) * 8), 8)
    return " " * left + "█" * full + EIGHTHS[rest].strip()
