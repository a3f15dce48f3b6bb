"""A small keep-alive load, as a program: load.py PORT CONNECTIONS REQUESTS-PER-SECOND SECONDS-AT-MOST.

Every fiftieth request carries `x-debug: 1`. A line `pause` on standard input is answered by `paused` once no request is in
flight, `resume` goes on; the connections stay open. Ends at the end of input, or when its time is over.
"""

import http.client
import sys
import threading
import time

PATHS = ("/python/", "/node/", "/python/hello.txt", "/node/hello.txt")


class Load:
    def __init__(self, port, connections, rate, seconds):
        self.port, self.connections, self.interval = port, connections, connections / rate
        self.deadline = time.monotonic() + seconds
        self.turn = threading.Condition()
        self.paused, self.busy, self.sent, self.broken = True, 0, 0, 0

    def connection(self, number):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        due = time.monotonic()
        while time.monotonic() < self.deadline:
            if not (serial := self._begin()):
                due = time.monotonic()
                continue
            try:
                client.request("GET", PATHS[serial % 4], headers={"x-debug": "1"} if serial % 50 == 0 else {})
                client.getresponse().read()
            except (OSError, http.client.HTTPException):
                self.broken += 1
            with self.turn:
                self.busy -= 1
                self.turn.notify_all()
            due += self.interval
            time.sleep(max(0.0, due - time.monotonic()))

    def _begin(self):
        """The serial number of the next request, or 0 after waiting a while for leave."""
        with self.turn:
            if self.paused:
                self.turn.wait(0.2)
                return 0
            self.busy += 1
            self.sent += 1
            return self.sent

    def obey(self):
        for word in sys.stdin:
            with self.turn:
                self.paused = word.strip() == "pause"
                self.turn.notify_all()
                if self.paused:
                    self.turn.wait_for(lambda: not self.busy)
                    print("paused", self.sent, self.broken, flush=True)


def main(port, connections, rate, seconds):
    load = Load(int(port), int(connections), float(rate), float(seconds))
    for number in range(load.connections):
        threading.Thread(target=load.connection, args=(number,), daemon=True).start()
    load.obey()


if __name__ == "__main__":
    main(*sys.argv[1:])
