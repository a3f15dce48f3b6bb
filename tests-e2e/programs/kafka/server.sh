#!/bin/sh
# usage: server.sh JAVA JARS DIRECTORY PORT CONTROLLER_PORT [ADVERTISED_PORT]: one Kafka broker. Each request that it completed is a line of requests.log in the directory: the oracle.
mkdir -p "$3"
log=-Dorg.slf4j.simpleLogger
exec "$1" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx400m -cp "$2/*" $log.logFile="$3/requests.log" $log.defaultLogLevel=warn \
  $log.log.kafka.request.logger=debug $log.log.org.apache.kafka.network.RequestLogger=debug kafka/Broker.java "$3" "$4" "$5" ${6:-}
