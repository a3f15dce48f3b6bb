"""usage: proxy.py PORT TARGET [SEED [pauses]]: hands TCP bytes on in pieces of random sizes, each way, so that nothing ends where its sender ended it; waits between some, if it is told to. Ends with its parent."""
import random
import socket
import sys
import threading
import time

PORT, TARGET = int(sys.argv[1]), int(sys.argv[2])
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 0
PAUSES = "pauses" in sys.argv[4:]


def pass_on(source, target, seed):
    sizes = random.Random(seed)
    try:
        while data := source.recv(65536):
            at = 0
            while at < len(data):
                size = sizes.choice((1, 2, 3, 5, 8, 13, 40, 200, 1500, 9000))
                if PAUSES and sizes.random() < 0.02:
                    time.sleep(sizes.choice((0.0002, 0.001, 0.005, 0.02)))
                target.sendall(data[at : at + size])
                at += size
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        target.close()


def main():
    listener = socket.create_server(("127.0.0.1", PORT))
    seed = SEED * 1_000_000
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", TARGET))
        for connection in (client, server):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for pair in ((client, server), (server, client)):
            seed += 1
            threading.Thread(target=pass_on, args=(*pair, seed), daemon=True).start()


main()
