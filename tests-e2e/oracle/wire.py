"""tshark on some ports of loopback: what it captured, taken apart by a dissector."""

import collections
import pathlib
import re
import subprocess
import xml.etree.ElementTree

from stage.stage import await_true

from .exchange import Message
from .whole import whole

BUFFER_MIB = "64"
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
OPTIONS = ("tcp.desegment_tcp_streams:TRUE", "tcp.reassemble_out_of_order:TRUE")


class Capture:
    """From when it is made until `end`."""

    def __init__(self, stage, ports):
        self.stage, self.file = stage, pathlib.Path(stage.directory) / f"wire-{ports[0]}.pcap"
        self.log = (pathlib.Path(stage.directory) / "dumpcap.log").open("wb")
        wanted = " or ".join(f"port {port}" for port in ports)
        self.process = stage.start(["dumpcap", "-q", "-i", "lo", "-P", "-B", BUFFER_MIB, "-f", wanted, "-w", self.file], stderr=self.log)
        await_true("dumpcap does not capture", lambda: "File:" in pathlib.Path(self.log.name).read_text())

    def end(self, planted=None, length=None):
        """Returns when everything is in the file; what dumpcap itself lost is fatal, for then there is nothing to compare with. So is a secret that was not sent."""
        self.stage.end(self.process)
        said = pathlib.Path(self.log.name).read_text()
        dropped = re.search(r"received/dropped on interface .*: \d+/(\d+) ", said)
        if not dropped or int(dropped[1]):
            raise SystemExit(f"the capture is not whole: {said}")
        cut, self.file = self.file, self.file.with_suffix(".whole.pcap")
        whole(cut, self.file, length)
        if planted and planted not in self.file.read_bytes():
            raise SystemExit("no secret was sent, so that none is found says nothing")
        cut.unlink()

    def messages(self, port, dissector, transport="tcp", decode_as=None, body=""):
        """By client port: the messages of its connections in order. A number of connections may have had one port: they are one."""
        streams = collections.defaultdict(list)
        for packet in self._packets(port, f"{dissector} {body}", transport, decode_as or dissector):
            place = _fields(packet, transport)
            source, target = int(place[f"{transport}.srcport"]), int(place[f"{transport}.dstport"])
            time = float(_fields(packet, "frame")["frame.time_epoch"])
            asks = target == port
            for part in packet.iterfind("proto"):
                if part.get("name") == dissector:
                    streams[source if asks else target].append(Message(asks, time, list(_flat(part)), place.get(f"{transport}.payload", "")))
                elif part.get("name") == body:
                    streams[source if asks else target][-1].fields.extend(_flat(part))
        return streams

    def count(self, port, dissector, wanted):
        """Packets that a display filter of Wireshark finds."""
        command = self._tshark(port, "tcp", dissector) + ["-Y", wanted, "-T", "fields", "-e", "frame.number"]
        return len(subprocess.run(command, stdout=subprocess.PIPE, stderr=self.log, check=True).stdout.splitlines())

    def _tshark(self, port, transport, decode_as):
        command = ["tshark", "-n", "-r", self.file, "-d", f"{transport}.port=={port},{decode_as}"]
        for option in OPTIONS:
            command += ["-o", option]
        return list(map(str, command))

    def _packets(self, port, dissectors, transport, decode_as):
        command = self._tshark(port, transport, decode_as)
        command += ["-Y", f"{dissectors.split()[0]} && {transport}.port == {port}", "-T", "pdml", "-J", f"frame {transport} {dissectors}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log) as tshark:
            parser = xml.etree.ElementTree.XMLPullParser(["end"])
            for line in tshark.stdout:
                # What Wireshark shows of decoded credentials and the like is not always text.
                parser.feed(NO_TEXT.sub("?", line.decode(errors="replace")))
                for _, element in parser.read_events():
                    if element.tag == "packet":
                        yield element
                        element.clear()
        if tshark.returncode:
            raise SystemExit(f"tshark ended with {tshark.returncode}: {pathlib.Path(self.log.name).read_text()[-500:]}")


def _fields(packet, name):
    return {field: text for field, text, _ in _flat(packet.find(f"proto[@name='{name}']"))}


def _flat(element, depth=0):
    for field in element.iterfind("field"):
        yield field.get("name"), field.get("show", ""), depth
        yield from _flat(field, depth + 1)
