#!/bin/sh
# usage: world.sh BUILT DIRECTORY SERVER_CGROUP CLIENT_CGROUP: a network and a resolv.conf of its own, and in them dnsmasq, which asks upstream.py for odd.test, and clients
# in four languages. Says "ready", and goes on when a line comes in. What dnsmasq was asked and how it answered is in queries.log in the directory: the oracle.
set -e
if [ "$5" != inside ]; then
  exec unshare --net --mount --propagation private "$0" "$1" "$2" "$3" "$4" inside
fi
built=$1 directory=$2 server=$3 client=$4
ip link set lo up
mkdir -p "$directory"
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n' >"$directory/resolv.conf"
mount --bind "$directory/resolv.conf" /etc/resolv.conf
enter='echo $$ >"$0/cgroup.procs" && exec "$@"'
client() { sh -c "$enter" "$client" "$@"; }

"$built/python/bin/python" dns/upstream.py 5300 &
upstream=$!
sh -c "$enter" "$server" dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user=root --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
  --local=/here.test/ --address=/shop.here.test/127.0.0.2 --address=/shop.here.test/::2 --txt-record=wide.here.test,"$(printf %0250d 0)","$(printf %0250d 0)","$(printf %0250d 0)" \
  --server=/odd.test/127.0.0.1#5300 --cache-size=0 --log-queries=extra --log-facility="$directory/queries.log" &
dnsmasq=$!
trap 'kill $dnsmasq $upstream' EXIT
until dig +time=1 +tries=1 up.odd.test >/dev/null; do :; done

echo ready
read -r _
for name in shop.here.test nothing.here.test fails.odd.test; do
  for way in +edns +noedns +tcp +nocookie; do
    [ "$name $way" = "fails.odd.test +tcp" ] || client dig +tries=1 $way "$name" A >/dev/null # upstream.py has no TCP
  done
done
client dig +noedns wide.here.test TXT >/dev/null
client getent ahosts shop.here.test >/dev/null
for name in nothing.here.test silent.odd.test; do
  client getent ahosts $name >/dev/null || true
done
client "$built/python/bin/python" dns/client.py
client node dns/client.js
client "$built/go" dns
echo done
read -r _
