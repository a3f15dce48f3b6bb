#!/bin/sh
# usage: server.sh DIRECTORY PORT: a Redis of its own that keeps nothing. Its own counts of commands and errors are the oracle.
exec redis-server --port "$2" --bind 127.0.0.1 --save '' --appendonly no --dir "$1"
