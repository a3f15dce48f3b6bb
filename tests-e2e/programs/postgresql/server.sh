#!/bin/sh
# usage: server.sh DIRECTORY PORT [CERTIFICATE]: a PostgreSQL of its own below the directory, which offers TLS with the cert.pem and key.pem of that folder. What it did and what failed is in log.json there: the oracle.
set -e
binaries=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
install -d -o postgres "$1"
tls=
if [ -n "${3:-}" ]; then
  install -o postgres -m 600 "$3/cert.pem" "$3/key.pem" "$1"
  tls="-c ssl=on -c ssl_cert_file=$1/cert.pem -c ssl_key_file=$1/key.pem"
fi
run="setpriv --reuid postgres --regid postgres --init-groups env -C $1"
$run "$binaries/initdb" -D "$1/data" -A trust -U postgres --no-sync
exec $run "$binaries/postgres" -D "$1/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
  -c autovacuum=off -c logging_collector=on -c log_destination=jsonlog -c log_directory="$1" -c log_filename=log \
  -c log_min_duration_statement=0 $tls
