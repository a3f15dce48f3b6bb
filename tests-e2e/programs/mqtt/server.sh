#!/bin/sh
# usage: server.sh DIRECTORY PORT: a Mosquitto of its own. Each packet is a line of what it writes: the oracle.
set -e
printf '%s\n' 'topic deny forbidden/#' 'topic readwrite #' 'user user' 'topic deny forbidden/#' 'topic readwrite #' \
  'user s3cr3t' 'topic deny forbidden/#' 'topic readwrite #' >"$1/acl"
cat >"$1/mosquitto.conf" <<CONF
listener $2 127.0.0.1
allow_anonymous true
acl_file $1/acl
log_type all
log_dest stderr
log_timestamp false
persistence false
max_queued_messages 0
CONF
chmod 644 "$1/acl" "$1/mosquitto.conf"
exec mosquitto -c "$1/mosquitto.conf"
