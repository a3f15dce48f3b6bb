"""The API server of a network namespace, on a port of the host's loopback: relay.py NETNS LISTEN_PORT ADDRESS PORT

Listens in the namespace it was started in, then moves into the other one and connects from there."""
import asyncio
import ctypes
import os
import socket
import sys

CLONE_NEWNET = 0x40000000


async def copy(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def main(netns, port, address, target):
    listener = socket.create_server(("127.0.0.1", int(port)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(os.open(netns, os.O_RDONLY), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns " + netns)

    async def relay(reader, writer):
        try:
            there, here = await asyncio.open_connection(address, int(target))
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, here), copy(there, writer))
        here.close()
        writer.close()

    await (await asyncio.start_server(relay, sock=listener)).serve_forever()


asyncio.run(main(*sys.argv[1:]))
