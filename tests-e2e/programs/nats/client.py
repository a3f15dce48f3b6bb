"""usage: client.py PORT: nats-py: many subscriptions, headers, requests, an empty message, a large one."""
import asyncio
import os
import sys

import nats

NAME = "midway-python" if "MIDWAY" in os.environ else "python"
SECRET = b"s3cr3t"


async def main():
    connection = await nats.connect(f"nats://127.0.0.1:{sys.argv[1]}")
    await connection.flush()
    if "MIDWAY" in os.environ:
        print("connected", flush=True)
        sys.stdin.readline()
    got = asyncio.Semaphore(0)

    async def count(_):
        got.release()

    async def answer(message):
        await message.respond(SECRET)

    for i in range(5):
        await connection.subscribe(f"{NAME}.many.*", cb=count)
    await connection.subscribe(f"{NAME}.questions", queue="workers", cb=answer)
    await connection.flush()
    for i in range(40):
        headers = {"traceparent": f"00-{0xabc0 + i:032x}-{0xdef0 + i:016x}-01"} if i % 2 else None
        await connection.publish(f"{NAME}.many.{i % 4}", SECRET, headers=headers)
    await connection.publish(f"{NAME}.many.empty", b"")
    await connection.publish(f"{NAME}.many.large", SECRET * 100_000)
    for _ in range(5 * 42):
        await got.acquire()
    for _ in range(20):
        await connection.request(f"{NAME}.questions", SECRET, timeout=5)
    await connection.drain()


asyncio.run(main())
