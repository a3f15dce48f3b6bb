#!/usr/bin/env bash
# curl: one process with keep-alive for what has a length (which asks for 100 Continue above 1 MB by itself), one with -T - for each chunked upload.
# usage: client.sh <PLAN
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
join=
scheme=http${TLS:+s}
while read -r method port path kind size; do
  if [[ $kind == chunked ]]; then
    head -c "$size" /dev/zero | curl -s -o /dev/null -w "$method $path %{http_code}\n" -X "$method" -T - -k --http1.1 "$scheme://127.0.0.1:$port$path"
    continue
  fi
  {
    printf '%s' "$join"
    printf 'url = "%s://127.0.0.1:%s%s"\ninsecure\nhttp1.1\noutput = /dev/null\nsilent\nwrite-out = "%s %s %%{http_code}\\n"\n' "$scheme" "$port" "$path" "$method" "$path"
    if [[ $method == HEAD ]]; then echo head; else echo "request = $method"; fi
    [[ $path != */gzip/* ]] || echo compressed
    if [[ $kind != - ]]; then
      head -c "$size" /dev/zero >"$work/$size"
      echo "data-binary = @$work/$size"
    fi
  } >>"$work/plan"
  join=$'next\n'
done
curl -K "$work/plan"
