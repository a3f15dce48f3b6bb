#!/bin/sh
# usage: server.sh BUILT DIRECTORY PORT: FerretDB, which speaks MongoDB's protocol over SQLite, with its files in the directory.
mkdir -p "$2/data"
cd "$2" || exit 1
exec "$1/ferretdb" --handler=sqlite --sqlite-url="file:data/" --state-dir="$2" --listen-addr="127.0.0.1:$3" --debug-addr=- --telemetry=disable
