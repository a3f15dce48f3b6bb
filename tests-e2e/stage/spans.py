"""Spans out of OTLP/JSON lines."""

import dataclasses

KINDS = {2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}


@dataclasses.dataclass(frozen=True)
class Span:
    trace_id: str
    span_id: str
    parent: str
    kind: str
    name: str
    start: int
    end: int
    service: str
    pid: int
    attributes: dict

    @property
    def path(self):
        if "url.path" in self.attributes:
            return self.attributes["url.path"]
        rest = self.attributes.get("url.full", "").partition("://")[2]
        return "/" + rest.partition("/")[2].partition("?")[0]

    @property
    def status(self):
        return self.attributes.get("http.response.status_code", "–")


def spans_of(request):
    for resource in request.get("resourceSpans", []):
        about = _attributes(resource.get("resource", {}))
        service, pid = about.get("service.name", "?"), int(about.get("process.pid", 0))
        for scope in resource.get("scopeSpans", []):
            for span in scope.get("spans", []):
                yield Span(span["traceId"], span["spanId"], span.get("parentSpanId", ""), KINDS.get(span.get("kind"), "?"), span["name"],
                           int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]), service, pid, _attributes(span))


def _attributes(holder):
    return {a["key"]: next(iter(a["value"].values()), "") for a in holder.get("attributes", [])}
