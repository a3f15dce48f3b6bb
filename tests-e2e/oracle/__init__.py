"""The same traffic seen twice: by Wireshark's dissectors on the wire, and as spans."""
