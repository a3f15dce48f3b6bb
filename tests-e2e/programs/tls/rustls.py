"""obstore: reqwest with rustls, linked into one library that kept its symbols.

usage: rustls.py PORT
"""
import sys
from concurrent.futures import ThreadPoolExecutor

import obstore
from obstore.store import HTTPStore

store = HTTPStore.from_url(f"https://127.0.0.1:{sys.argv[1]}", client_options={"allow_invalid_certificates": True}, retry_config={"max_retries": 0})


def ask(i):
    path = ("rust", "missing", "failing")[i % 3] + f"/{i}"
    try:
        obstore.get(store, path).bytes()
        return f"GET /{path} 200"
    except FileNotFoundError:
        return f"GET /{path} 404"
    except Exception as e:
        assert "503" in str(e), e
        return f"GET /{path} 503"


for i in range(60):
    print(ask(i))
with ThreadPoolExecutor(6) as threads:
    for line in threads.map(ask, range(60, 240)):
        print(line)
