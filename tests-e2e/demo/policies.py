"""The policy file that the demo edits, and its edits."""

import os

FILE = "demo.yaml"

HEAD = """apiVersion: spandrel.dev/v1alpha1
kind: TracePolicy
metadata: {{name: demo}}
spec:
  podSelector:
    matchExpressions: [{{key: cgroup, operator: In, values: [{cgroups}]}}]
"""

OFF = "  enabled: false\n"
ALL = "  sampling: {percent: 100}\n"

# What a row is called, and the lines of spec that it writes.
EDITS = (
    ("100 % → 1 %", "  sampling: {percent: 1}\n"),
    ("1 % → only x-debug: 1", '  sampling: {percent: 0}\n  spans: {match: [{name: x-debug, value: "1"}]}\n'),
    ("→ off (enabled: false)", OFF),
    ("off → on (100 %)", ALL),
)


class Policies:
    def __init__(self, stage, cgroups):
        self.directory = stage.directory / "policies"
        self.directory.mkdir()
        self.head = HEAD.format(cgroups=", ".join(cgroup.name for cgroup in cgroups))

    def write(self, spec):
        """Replaces the file as an editor does: a draft, then a rename."""
        draft = self.directory / f".{FILE}.draft"
        draft.write_text(self.head + spec)
        os.replace(draft, self.directory / FILE)
