#!/bin/sh
# usage: server.sh KIND JARS DIRECTORY PORT TRANSPORT_PORT: one node of Elasticsearch, or of OpenSearch, as KIND says. On Java 17, for which both were made.
for java in java /usr/lib/jvm/*/bin/java; do
  if "$java" -version 2>&1 | grep -q '"17\.'; then break; fi
done
exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms400m -Xmx400m -cp "$2/*" "$1/Node.java" "$3" "$4" "$5"
