#!/bin/sh
# usage: server.sh DIRECTORY PORT EPMD_PORT NODE_PORT: a RabbitMQ of its own below the directory, and what its runtime finds nodes by.
mkdir -p "$1/home"
export HOME="$1/home" ERL_EPMD_PORT="$3" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME="test$2@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$2" RABBITMQ_DIST_PORT="$4" \
  RABBITMQ_MNESIA_BASE="$1/mnesia" RABBITMQ_LOG_BASE="$1/log" RABBITMQ_PID_FILE="$1/pid" RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$1/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$1/plugins" \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 2:2 +sbwt none'
echo '[].' >"$1/plugins"
echo 'default_pass = s3cr3t' >"$1/rabbitmq.conf"
epmd &
exec /usr/lib/rabbitmq/bin/rabbitmq-server
