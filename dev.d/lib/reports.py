"""Prints Maven's test reports as results: RUNG, passed|unsteady|failed|skipped, NAME, WHY, seconds, separated by tabs.

unsteady: it failed at first and passed when it was run again.

usage: reports.py ROOT
"""
import sys
from pathlib import Path
from xml.etree import ElementTree


def rung(folder, class_name):
    if folder == "surefire-reports":
        return "jvm"
    return "kernel" if class_name.endswith(("KernelIT", "E2E")) else "api"


def outcome(case):
    for tag, kind in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped"),
                      ("flakyFailure", "unsteady"), ("flakyError", "unsteady")):
        found = case.find(tag)
        if found is not None:
            return kind, found.get("message") or (found.text or "").strip()
    return "passed", ""


def main(root):
    for report in sorted(Path(root).glob("**/target/*-reports/TEST-*.xml")):
        for case in ElementTree.parse(report).iter("testcase"):
            class_name = case.get("classname").split("$")[0]
            kind, why = outcome(case)
            name = f"{class_name.rpartition('.')[2]}.{case.get('name')}"
            first_line = why.strip().splitlines()[0][:300] if why.strip() else ""
            seconds = case.get("time", "0").replace(",", "")
            fields = rung(report.parent.name, class_name), kind, name, first_line, seconds
            print(*(" ".join(field.split()) for field in fields), sep="\t")


main(sys.argv[1])
