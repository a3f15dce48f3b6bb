"""The load, until SIGTERM: client.py PREFIX RATE. Prints how many requests were answered, and how often nobody answered."""
import http.client
import os
import signal
import sys
import threading
import time

THREADS, PER_CONNECTION = 4, 10
prefix, rate = sys.argv[1], float(sys.argv[2])
host, port = os.environ["WEB_SERVICE_HOST"], int(os.environ["WEB_SERVICE_PORT"])
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
answered, unanswered = [], []


def run(thread):
    number, connection, pause = 0, None, THREADS / rate
    due = time.monotonic()
    while not stop.is_set():
        number += 1
        try:
            if connection is None:
                connection = http.client.HTTPConnection(host, port, timeout=2)
            connection.request("GET", f"{prefix}{thread}-{number}")
            connection.getresponse().read()
            answered.append(number)
            if number % PER_CONNECTION == 0:
                connection = connection.close()
        except OSError:
            unanswered.append(number)
            connection = connection.close()
            time.sleep(0.05)
        except http.client.HTTPException:
            unanswered.append(number)
            connection = connection.close()
        due = max(due + pause, time.monotonic() - pause)
        time.sleep(max(0.0, due - time.monotonic()))


threads = [threading.Thread(target=run, args=(i,)) for i in range(THREADS)]
for thread in threads:
    thread.start()
stop.wait()
for thread in threads:
    thread.join()
print(len(answered), len(unanswered), flush=True)
