#!/bin/sh
# usage: cli.sh PORT: redis-cli, and redis-benchmark with pipelines and inline commands.
redis-cli -p "$1" <<'COMMANDS' >/dev/null
SET cli s3cr3t
GET cli
SELECT 2
GET cli
COMMANDS
exec redis-benchmark -p "$1" -n 400 -c 4 -P 16 -r 100 -q -t ping,set,get,lpush,lrange_100,mset >/dev/null
