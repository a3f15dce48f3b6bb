"""What agents hold of the kernel, where the cluster's nodes are this machine. By their processes' descriptors: others' objects are not ours to judge."""

import os
import pathlib
import re
import subprocess

from stage import cgroup


def agents(name):
    """Process ids of the agents in the nodes' cgroups, whose name begins so."""
    found = []
    for file in cgroup.mount().glob(f"{name}-*/**/cgroup.procs"):
        for pid in file.read_text().split():
            try:
                command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if b"quarkus-run.jar\0--operator\0" in command:
                found.append(int(pid))
    return found


def held(pids):
    """{("prog"|"map"|"link", id)}"""
    objects = set()
    for pid in pids:
        for file in os.listdir(f"/proc/{pid}/fdinfo"):
            try:
                text = pathlib.Path(f"/proc/{pid}/fdinfo/{file}").read_text()
            except OSError:
                continue
            objects.update(re.findall(r"^(prog|map|link)_id:\s*(\d+)", text, re.M))
    return objects


def still_there(objects):
    return {found for found in objects if not subprocess.run(["bpftool", found[0], "show", "id", found[1]], capture_output=True, check=False).returncode}


def pins():
    """Files of our names in all mounted BPF file systems."""
    mounts = [line.split()[1] for line in pathlib.Path("/proc/mounts").read_text().splitlines() if line.split()[2] == "bpf"]
    return [str(file) for mount in mounts for file in pathlib.Path(mount).rglob("sp_*")]


def attached_to_cgroups(name):
    """What bpftool shows as attached to the nodes' cgroups."""
    lines = []
    for root in sorted(cgroup.mount().glob(f"{name}-*")):
        lines += subprocess.run(["bpftool", "cgroup", "tree", root], capture_output=True, text=True, check=False).stdout.splitlines()[1:]
    return lines
