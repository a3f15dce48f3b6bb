"""A cgroup v2 of our own, below the mount that /proc/mounts names."""

import pathlib
import time


def mount():
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        fields = line.split(" ")
        if fields[2] == "cgroup2":
            return pathlib.Path(fields[1])
    raise SystemExit("no cgroup2 mount in /proc/mounts: mount -t cgroup2 none /sys/fs/cgroup")


class Cgroup:
    def __init__(self, name):
        self.name = name
        self.path = mount() / name
        if self.path.exists() and self.pids():
            raise SystemExit(f"{self.path} holds processes: is this running already?")
        self.path.mkdir(exist_ok=True)

    def pids(self):
        return [int(pid) for pid in (self.path / "cgroup.procs").read_text().split()]

    def remove(self, patience=5.0):
        """A cgroup can be removed a moment after its last process was reaped."""
        deadline = time.monotonic() + patience
        while self.path.exists():
            try:
                self.path.rmdir()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
