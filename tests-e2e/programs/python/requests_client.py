"""requests (urllib3), four sessions at once.

usage: requests_client.py <PLAN
"""
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import requests
import urllib3

mine = threading.local()
SCHEME = "https" if os.environ.get("TLS") else "http"
urllib3.disable_warnings()


def body(kind, size):
    if kind == "chunked":
        return (b"x" * min(5000, size - at) for at in range(0, size, 5000))
    return b"x" * size if kind != "-" else None


def ask(line):
    method, port, path, kind, size = line.split()
    if not hasattr(mine, "session"):
        mine.session = requests.Session()
        mine.session.trust_env = False
        mine.session.verify = False
    response = mine.session.request(method, f"{SCHEME}://127.0.0.1:{port}{path}", data=body(kind, int(size)))
    return f"{method} {path} {response.status_code}"


with ThreadPoolExecutor(4) as threads:
    for line in threads.map(ask, sys.stdin.read().splitlines()):
        print(line)
