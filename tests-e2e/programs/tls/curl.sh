#!/usr/bin/env bash
# curl's HTTP/2 by ALPN: many streams at once on one connection, then one after the other. usage: curl.sh PORT
set -euo pipefail
write='GET %{url_effective} %{response_code}\n'
curl -skZ --no-progress-meter --parallel-max 20 --http2 -w "$write" "https://127.0.0.1:$1/curl/[1-60]" -o /dev/null | sed "s#https://127.0.0.1:$1##"
curl -sk --http2 -w "$write" "https://127.0.0.1:$1/missing/[1-20]" -o /dev/null | sed "s#https://127.0.0.1:$1##"
