"""The policies that are compared."""

import dataclasses
import os

HEAD = """apiVersion: spandrel.dev/v1alpha1
kind: TracePolicy
metadata: {{name: bench}}
spec:
  podSelector: {{matchLabels: {{cgroup: {cgroup}}}}}
"""


@dataclasses.dataclass(frozen=True)
class Column:
    name: str
    spec: str
    selected: bool = True


OFF = Column("off", "  enabled: false\n")
OTHER = Column("other cgroup", "  sampling: {percent: 100}\n", selected=False)
NONE = Column("0 %", "  sampling: {percent: 0}\n")
ONE = Column("1 %", "  sampling: {percent: 1}\n")
RULE = Column("rule, no match", '  sampling: {percent: 0}\n  spans: {match: [{name: x-never, value: "1"}]}\n')
ALL = Column("100 %", "  sampling: {percent: 100}\n")
CHANCE = Column("1 %, no metrics", "  sampling: {percent: 1, decideBy: Chance}\n")
COLUMNS = (OFF, OTHER, NONE, ONE, RULE, CHANCE, ALL)


class Policies:
    def __init__(self, stage, selected, other):
        self.directory = stage.directory / "policies"
        self.directory.mkdir()
        self.heads = {True: HEAD.format(cgroup=selected.name), False: HEAD.format(cgroup=other.name)}

    def write(self, column):
        draft = self.directory / ".bench.yaml.draft"
        draft.write_text(self.heads[column.selected] + column.spec)
        os.replace(draft, self.directory / "bench.yaml")
