#!/usr/bin/env bash
# ab: HTTP/1.0, each GET of the plan on connections of its own and kept alive; ab says how many were completed.
# usage: ab.sh <PLAN
set -euo pipefail
while read -r method port path _; do
  for options in "" -k; do
    said=$(ab -q -n 20 -c 4 $options "http://127.0.0.1:$port$path")
    good=$(awk '/^Complete requests:/ { n = $3 } /^Non-2xx/ { n = -1 } END { print n }' <<<"$said")
    for ((i = 0; i < good; i++)); do echo "$method $path 200"; done
  done
done
