"""usage: python3 -P nats.py PORT SEED COUNT: nats-py: messages with and without headers, to several who subscribed, requests, empty and large ones, and what is refused, at random."""
import asyncio
import random
import sys

import nats
from nats import errors

PORT, SEED, COUNT = map(int, sys.argv[1:4])
SECRET = b"s3cr3t"


async def answer(message):
    await message.respond(SECRET)


async def ignored(_):
    pass


async def stranger():
    """Whose token is not known."""
    try:
        await nats.connect(f"nats://127.0.0.1:{PORT}", token="s3cr3t", allow_reconnect=False, error_cb=ignored)
    except errors.Error:
        return
    raise SystemExit("a stranger is let in")


class Connection:
    def __init__(self, chosen, number):
        self.chosen, self.name, self.got = chosen, f"mixed.{SEED}.{number}", asyncio.Semaphore(0)

    async def open(self):
        async def count(_):
            self.got.release()

        # Who may do less says who he is, with a password.
        self.few = self.chosen.random() < 0.3
        who = {"user": "few", "password": "s3cr3t"} if self.few else {}
        self.connection = await nats.connect(f"nats://127.0.0.1:{PORT}", error_cb=ignored, **who)
        self.listeners = self.chosen.choice((1, 3))
        for _ in range(self.listeners):
            await self.connection.subscribe(f"{self.name}.*", cb=count)
        await self.connection.subscribe(f"{self.name}.questions.all", queue="workers", cb=answer)
        await self.connection.flush()

    async def batch(self, size):
        for _ in range(size):
            headers = {"authorization": "s3cr3t"}
            if self.chosen.random() < 0.5:
                headers["traceparent"] = f"00-{self.chosen.getrandbits(128):032x}-{self.chosen.getrandbits(64):016x}-01"
            await self.connection.publish(f"{self.name}.{self.chosen.randrange(4)}", SECRET * self.chosen.choice((0, 1, 300, 30_000)), headers=self.chosen.choice((None, headers)))
        for _ in range(size * self.listeners):
            await self.got.acquire()
        if self.chosen.random() < 0.5:
            await self.connection.request(f"{self.name}.questions.all", SECRET, timeout=20)
        elif self.few:
            await self.connection.publish("forbidden", SECRET)
            await self.connection.flush()


async def main():
    chosen, done, number = random.Random(SEED), 0, 0
    await stranger()
    while done < COUNT:
        connection = Connection(chosen, number)
        await connection.open()
        for _ in range(chosen.choice((2, 10, 40))):
            size = chosen.choice((1, 4, 12))
            await connection.batch(size)
            done += size
        await connection.connection.drain()
        if chosen.random() < 0.2:
            await stranger()
        number += 1


asyncio.run(main())
