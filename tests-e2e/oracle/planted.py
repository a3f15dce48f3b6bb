"""
`python3 -m oracle.planted CGROUP`: a server and a client of each protocol in a cgroup that somebody else traces. Clients plant a secret wherever values go; says how
often it was found on the wire in each of these places, and fails where it was not: only then does it say something that none is exported.
"""

import argparse
import pathlib
import sys

from stage import interrupts
from stage.stage import Stage

from . import protocols
from .world import ENDS, Side, World

EXCHANGES, SEED = 200, 1


class Given:
    """A cgroup of somebody else, who will remove it."""

    def __init__(self, path):
        self.path, self.name = pathlib.Path(path), pathlib.Path(path).name

    def pids(self):
        return [int(pid) for pid in (self.path / "cgroup.procs").read_text().split()]

    def remove(self):
        pass


def main():
    parser = argparse.ArgumentParser(prog="python3 -m oracle.planted", description=__doc__)
    parser.add_argument("cgroup")
    parser.add_argument("--protocols", nargs="+", default=protocols.names(), choices=protocols.names())
    options = parser.parse_args()
    interrupts.install()
    missing = False
    with Stage("planted") as stage:
        cgroup = stage.cgroups["given"] = Given(options.cgroup)
        world = World(stage, dict.fromkeys(ENDS, cgroup))
        for name in options.protocols:
            side = Side(world, name, SEED)
            capture = side.capture(SEED, EXCHANGES)
            for place, wanted in side.protocol.PLANTED.items():
                dissector = getattr(side.protocol, "DECODE_AS", side.protocol.DISSECTOR)
                found = capture.count(side.port if getattr(side.protocol, "TAKES_CUTS", True) else side.proxy_port, dissector, wanted)
                print(f"{name}: {place}: in {found} packets", flush=True)
                missing |= not found
    return missing


if __name__ == "__main__":
    sys.exit(main())
