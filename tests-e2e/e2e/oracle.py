"""What was traced and counted, compared with the app's access log."""

import collections
import time

from stage.stage import await_true

from .cluster import Failed


def check(fact, what):
    if not fact:
        raise Failed(what)


def traced_once(app, receiver, requests):
    """Each of these requests is one span, of the pod that answered it."""
    prefix = requests[0].path.rpartition("/")[0] + "/"
    paths = {request.path for request in requests}
    await_spans(receiver, prefix, paths)
    spans = receiver.server_spans(prefix)
    missing, twice = paths - spans.keys(), [path for path in spans if len(spans[path]) > 1]
    firsts = {path: pod for pod, path in first_of_each(requests).items()}
    check(not missing, f"{len(missing)} of {len(paths)} requests are no span, {len(missing & firsts.keys())} of them the first of their pod: {sorted(missing)[:3]}")
    check(not twice, f"{len(twice)} requests are more than one span: {twice[:3]}")
    for request in requests:
        attributes = spans[request.path][0].attributes
        expected = attributes_of(app.pods[request.pod])
        wrong = {key: attributes.get(key) for key in expected if attributes.get(key) != expected[key]}
        check(not wrong, f"{request.path} was answered by {expected}, and its span says {wrong}")


def await_spans(receiver, prefix, paths, patience=20):
    """Until all are there, or none came for a while: what is missing then is for the caller to say."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and paths - receiver.server_spans(prefix).keys():
        time.sleep(0.2)


def attributes_of(pod):
    """What a span has to say of a pod of the app, as the API server knows it."""
    metadata, spec = pod["metadata"], pod["spec"]
    return {
        "k8s.namespace.name": metadata["namespace"], "k8s.pod.name": metadata["name"], "k8s.pod.uid": metadata["uid"], "k8s.node.name": spec["nodeName"],
        "k8s.container.name": "nginx", "k8s.deployment.name": "web", "service.name": "web", "host.name": spec["nodeName"],
    }


def first_of_each(requests):
    """Pod to the path of its first request."""
    first = {}
    for request in sorted(requests, key=lambda request: request.at):
        first.setdefault(request.pod, request.path)
    return first


def counted_all(receiver, before, requests):
    """The agents' counts have grown by as much as the access log, pod by pod."""
    logged = collections.Counter(request.pod for request in requests)

    def difference():
        now = receiver.counted()
        return {pod: now[pod] - before[pod] - count for pod, count in logged.items() if now[pod] - before[pod] != count}
    deadline = time.monotonic() + 15
    while difference() and time.monotonic() < deadline:
        time.sleep(0.3)
    check(not difference(), f"of {len(requests)} requests the counts differ by pod: {difference()}")


def gaps(app, spans, requests):
    """Node to (requests that are no span, seconds of the longest time in which none was one)."""
    found = {}
    for node in sorted({app.pods[request.pod]["spec"]["nodeName"] for request in requests}):
        here = sorted((request for request in requests if app.pods[request.pod]["spec"]["nodeName"] == node), key=lambda request: request.at)
        missing, longest, last = 0, 0.0, here[0].at
        for request in here:
            if request.path in spans:
                last = request.at
            else:
                missing += 1
                longest = max(longest, request.at - last)
        found[node] = (missing, longest)
    return found


def await_counts_settle(receiver):
    """What agents export now and then has arrived."""
    seen = [receiver.counted()]

    def same():
        time.sleep(1.5)
        seen.append(receiver.counted())
        return seen[-1] == seen[-2]
    await_true("the counts do not settle", same, patience=30)
    return seen[-1]
