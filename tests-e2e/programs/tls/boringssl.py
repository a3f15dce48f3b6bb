"""curl_cffi: libcurl with BoringSSL, both linked into one library that kept its symbols. HTTP/2 by ALPN, then HTTP/1.1, several connections at once.

usage: boringssl.py PORT
"""
import sys
from concurrent.futures import ThreadPoolExecutor

from curl_cffi import CurlHttpVersion, requests


def ask(session, version, thread):
    lines = []
    for i in range(40):
        path = ("/boring", "/missing", "/failing")[i % 3] + f"/{thread}/{i}"
        method = "GET" if i % 4 else "POST"
        response = session.request(method, f"https://127.0.0.1:{sys.argv[1]}{path}", data=None if i % 4 else b"x" * i * 900, http_version=version)
        lines.append(f"{method} {path} {response.status_code}")
    return lines


def run(thread):
    version = CurlHttpVersion.V2TLS if thread % 2 else CurlHttpVersion.V1_1
    with requests.Session(verify=False) as session:
        return ask(session, version, thread)


with ThreadPoolExecutor(4) as threads:
    for lines in threads.map(run, range(6)):
        print("\n".join(lines))
