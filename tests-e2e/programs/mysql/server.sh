#!/bin/sh
# usage: server.sh DIRECTORY PORT [CERTIFICATE]: a MariaDB of its own below the directory. What it was asked is in asked.log there, what failed in failed.log: the oracle.
set -e
install -d -o mysql "$1"
tls=
if [ -n "${3:-}" ]; then
  install -o mysql -m 600 "$3/cert.pem" "$3/key.pem" "$1"
  tls="--ssl-cert=$1/cert.pem --ssl-key=$1/key.pem"
fi
options="--no-defaults --user=mysql --datadir=$1/data"
mariadb-install-db $options --auth-root-authentication-method=normal --skip-test-db >"$1/install.log" 2>&1
exec mariadbd $options --port="$2" --bind-address=127.0.0.1 --socket="$1/socket" --pid-file="$1/pid" --skip-networking=0 --local-infile=1 \
  --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=16M --max-allowed-packet=64M --general-log=1 --general-log-file="$1/asked.log" \
  --plugin-load-add=sql_errlog --sql-error-log-filename="$1/failed.log" --log-error="$1/error.log" $tls
