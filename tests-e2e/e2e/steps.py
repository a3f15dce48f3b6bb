"""The steps, in order. Each returns what was seen, in a line."""

import time

from stage.stage import await_true

from . import oracle
from .cluster import Failed
from .load import Load
from .oracle import check

MAX_GAP = 2.0


class Steps:
    def __init__(self, cluster, spandrel, app, receiver, client):
        self.cluster, self.spandrel, self.app, self.receiver, self.client = cluster, spandrel, app, receiver, client

    def _load(self, **options):
        return Load(self.cluster, self.app.namespace, self.client, **options)

    def _requests(self, load, after=1.0):
        """Ends the load, after a moment in which all is as it will be."""
        return self.app.logged(load.prefix, load.end(after))

    def a_policy_is_applied(self):
        """apply: spans with k8s.* attributes arrive"""
        self.spandrel.apply_policy()
        requests = self._requests(self._load(), after=3)
        oracle.traced_once(self.app, self.receiver, requests)
        pods, asked = set(self.cluster.pods(self.app.namespace, "web")), {request.pod for request in requests}
        check(asked == pods, f"there are the pods {sorted(pods)}, and {sorted(asked)} were asked something")
        status = self.spandrel.await_status("the status knows all pods", lambda s: s.get("selectedPods") == len(pods) and s)
        nodes = {self.app.pods[pod]["spec"]["nodeName"] for pod in pods}
        wanted = {"desired": len(nodes), "programmed": len(nodes)}
        check({key: status["nodes"].get(key) for key in wanted} == wanted, f"{len(nodes)} nodes have pods, the status says {status['nodes']}")
        return f"{len(requests)} requests to {len(pods)} pods on {len(nodes)} nodes, each one span of its pod"

    def people_ask(self):
        """kubectl spandrel: nodes, status and explain, by port-forward"""
        nodes = self.spandrel.ask("nodes")
        for node in {pod["spec"]["nodeName"] for pod in self.spandrel.agents().values()}:
            check(node in nodes, f"{node} is not in:\n{nodes}")
        status = self.spandrel.ask("status", "-n", self.app.namespace)
        check("web" in status, f"the policy is not in:\n{status}")
        for pod in self.cluster.pods(self.app.namespace, "web"):
            said = self.spandrel.ask("explain", f"pod/{pod}", "-n", self.app.namespace)
            check("Agreed" in said, f"explain pod/{pod} says:\n{said}")
        return "what was compiled is what the kernel holds, for each pod"

    def the_app_is_rolled_out(self):
        """rollout of the app: new pods are traced from their first request"""
        before = set(self.app.pods)
        load = self._load()
        self.app.restart()
        self.app.rolled_out()
        requests = self._requests(load)
        oracle.traced_once(self.app, self.receiver, requests)
        new = {request.pod for request in requests} - before
        check(new, "no new pod was asked anything")
        return f"{len(requests)} requests, {len(new)} new pods, each traced from its first request"

    def the_app_is_scaled(self):
        """scale 0 → 20 → 0"""
        self.app.scale(0)
        self.app.gone()
        self.spandrel.await_status("it selects nothing", lambda s: not s.get("selectedPods"))
        load = self._load()
        self.app.scale(20)
        self.app.rolled_out()
        self.spandrel.await_status("it selects 20 pods", lambda s: s.get("selectedPods") == 20)
        requests = self._requests(load)
        oracle.traced_once(self.app, self.receiver, requests)
        self.app.scale(0)
        self.app.gone()
        self.spandrel.await_status("it selects nothing", lambda s: not s.get("selectedPods"))
        pods = {request.pod for request in requests}
        self.app.scale(4)
        self.app.rolled_out()
        self.spandrel.await_status("it selects 4 pods", lambda s: s.get("selectedPods") == 4)
        self.spandrel.programmed()
        return f"{len(requests)} requests to {len(pods)} pods, each traced from its first request"

    def policies_change(self):
        """policies change under load: no request is lost from the exact counts"""
        before = oracle.await_counts_settle(self.receiver)
        load, changes = self._load(rate=150), 0
        specs = ({"sampling": {"percent": 1}}, {"roles": ["Server"]}, {"sampling": {"percent": 0.01, "keep": {"slowerThan": "250ms"}}},
                 {"spans": {"create": "HeaderPresent"}}, {"spans": {"match": [{"name": "x-debug", "value": "1"}]}}, {"sampling": {"percent": 50, "maxSpansPerSecond": 5}})
        end = time.monotonic() + 10
        while time.monotonic() < end:
            self.spandrel.patch_policy(specs[changes % len(specs)])
            changes += 1
        requests = self._requests(load)
        oracle.counted_all(self.receiver, before, requests)
        self.spandrel.patch_policy({"sampling": {"percent": 100, "maxSpansPerSecond": None, "keep": None}, "spans": None, "roles": None})
        return f"{changes} changes, {len(requests)} requests, all counted"

    def probes_are_applied(self):
        """a probe set: what its program counts arrives for the selected pods alone, and ends with it"""
        self.spandrel.apply_probes()
        pods = set(self.cluster.pods(self.app.namespace, "web"))
        self._requests(self._load(), after=3)
        await_true("not every pod's calls arrived", lambda: {pod for pod, calls in self.receiver.sums("calls").items() if calls} == pods, patience=60, pause=0.5)
        self.spandrel.delete_probes()
        counts = {pod: calls for pod, calls in self._settled_calls().items() if pod in pods}
        self._requests(self._load(), after=3)
        check(self.receiver.sums("calls") == counts, f"the program counts on: {counts}, then {self.receiver.sums('calls')}")
        return f"{sum(counts.values())} calls of {len(pods)} pods, and none after it was deleted"

    def _settled_calls(self):
        """Until nothing came for two exports."""
        before, since = self.receiver.sums("calls"), time.monotonic()
        while time.monotonic() - since < 2.5:
            time.sleep(0.2)
            if (now := self.receiver.sums("calls")) != before:
                before, since = now, time.monotonic()
        return before

    def operators_go(self):
        """operator pods are deleted one by one, the leader first"""
        before, leaders = oracle.await_counts_settle(self.receiver), [self.spandrel.leader()]
        load = self._load()
        operators = self.spandrel.operators()
        left, percent = set(operators), 90
        while left:
            gone = leaders[-1] if leaders[-1] in left else min(left)
            left.remove(gone)
            self.spandrel.delete_operator(gone)
            self.spandrel.patch_policy({"sampling": {"percent": (percent := percent + 1)}})
            check(self.spandrel.leader() != gone, f"the Lease is still held by {gone}, which is gone")
            leaders.append(self.spandrel.leader())
        self.spandrel.patch_policy({"sampling": {"percent": 100}})
        requests = self._requests(load)
        oracle.counted_all(self.receiver, before, requests)
        check(leaders[0] in operators and leaders[-1] not in operators, f"leaders {leaders} of what were {operators}")
        return f"{len(operators)} deleted, a status written after each by the leader of then ({' → '.join(leaders)}), {len(requests)} requests, all counted"

    def agents_are_updated(self):
        """agents are updated by rollout: no gap in the counts greater than 2 s"""
        before = oracle.await_counts_settle(self.receiver)
        old = set(self.spandrel.agents())
        load = self._load()
        self.spandrel.update_agents()
        check(not old & set(self.spandrel.agents()), "an old agent is still there")
        requests = self._requests(load)
        oracle.await_spans(self.receiver, load.prefix, {request.path for request in requests}, patience=6)
        spans = self.receiver.server_spans(load.prefix)
        twice = [path for path in spans if len(spans[path]) > 1]
        check(not twice, f"{len(twice)} requests were traced by both agents")
        gaps = oracle.gaps(self.app, spans, requests)
        worst = max(seconds for _, seconds in gaps.values())
        check(worst <= MAX_GAP, f"nothing was traced for {worst:.2f} s: {gaps}")
        counted = oracle.await_counts_settle(self.receiver).total() - before.total()
        check(len(spans) <= counted <= len(requests), f"{len(requests)} requests, {len(spans)} spans, {counted} counted")
        return f"{len(requests)} requests, {len(requests) - counted} not counted, {len(requests) - len(spans)} no span; longest gap {worst:.2f} s"

    def all(self):
        return (self.a_policy_is_applied, self.people_ask, self.the_app_is_rolled_out, self.the_app_is_scaled, self.policies_change, self.probes_are_applied, self.operators_go,
                self.agents_are_updated)


def uninstalled(cluster, spandrel):
    """What the API server still has of it."""
    left = cluster.kubectl("get", "crd,clusterrole,clusterrolebinding,namespace", "-o", "name").splitlines()
    left = [name for name in left if "spandrel" in name and not name.endswith("/" + spandrel.namespace)]
    if left:
        raise Failed(f"left behind: {left}")
