#!/bin/sh
# usage: curl.sh PORT [NAME WAY]: curl by prior knowledge or another way, each request on a connection of its own: this version begins anew on one that it has. METHOD PATH STATUS a line.
ask() { curl -sS "$way" -H 'x-secret: s3cr3t' -o /dev/null -w '%{method} %{url_effective} %{http_code}\n' "http://127.0.0.1:$port/$name/$1"; }
port=$1 name=${2:-curl} way=${3:---http2-prior-knowledge}
for size in 0 1 10 100 1000 16384 16385 40000 70000; do
  ask bytes/$size
  ask bytes/$size
done
ask status/404
