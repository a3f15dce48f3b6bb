"""What Wireshark says of frames of HTTP/2, by stream."""

import itertools

END_STREAM = 1
DATA, HEADERS, RST_STREAM = "0", "1", "3"


def answered(messages):
    """(fields of the request, fields of the answer and its trailers, time) of each stream that came to an end, in the order of requests."""
    open_streams, ended, order = {}, [], itertools.count()
    for message in messages:
        for frame in frames(message.fields):
            number, fields = frame["stream"], frame["fields"]
            if message.asks and ":method" in fields:
                open_streams[number] = (fields, {}, message.time, next(order))
            elif not message.asks and number in open_streams:
                _, said, _, _ = open_streams[number]
                if not fields.get(":status", "").startswith("1"):
                    said.update(fields)
                if frame["ends"] or frame["type"] == RST_STREAM:
                    ended.append(open_streams.pop(number))
    return [one[:3] for one in sorted(ended, key=lambda one: one[3])]


def frames(fields):
    """One by one, each with what its header block says."""
    found, name = [], ""
    for field, text, _ in fields:
        if field == "http2.type":
            found.append({"type": text, "stream": "0", "ends": False, "fields": {}})
        elif not found:
            continue
        elif field == "http2.flags":
            found[-1]["ends"] = found[-1]["type"] in (DATA, HEADERS) and bool(int(text, 0) & END_STREAM)
        elif field == "http2.streamid":
            found[-1]["stream"] = text
        elif field == "http2.header.name":
            name = text
        elif field == "http2.header.value":
            found[-1]["fields"][name] = text
    return found
