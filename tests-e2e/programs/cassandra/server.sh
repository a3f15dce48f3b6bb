#!/bin/sh
# usage: server.sh JARS DIRECTORY PORT STORAGE_PORT: one Cassandra node. What was asked of it is audit.log in the directory, a line each: the oracle. It runs on
# Java 17: a later one has no security manager, which Cassandra cannot do without.
set -e
for java in java /usr/lib/jvm/*/bin/java; do
  if "$java" -version 2>&1 | grep -q '"17\.'; then break; fi
done
mkdir -p "$2"
cat >"$2/cassandra.yaml" <<END
cluster_name: test
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
commitlog_sync: periodic
commitlog_sync_period: 10000ms
data_file_directories: [$2/data]
commitlog_directory: $2/commitlog
saved_caches_directory: $2/saved_caches
hints_directory: $2/hints
cdc_raw_directory: $2/cdc_raw
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters: [{seeds: "127.0.0.1:$4"}]
endpoint_snitch: SimpleSnitch
listen_address: 127.0.0.1
storage_port: $4
start_native_transport: true
rpc_address: 127.0.0.1
native_transport_port: $3
native_transport_allow_older_protocols: true
auto_bootstrap: false
audit_logging_options:
  enabled: true
  logger:
    - class_name: FileAuditLogger
  excluded_keyspaces: ""
END
cat >"$2/logback.xml" <<END
<configuration>
  <appender name="audit" class="ch.qos.logback.core.FileAppender"><file>$2/audit.log</file><encoder><pattern>%msg%n</pattern></encoder></appender>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%level %msg%n</pattern></encoder></appender>
  <logger name="org.apache.cassandra.audit" additivity="false" level="INFO"><appender-ref ref="audit"/></logger>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
END
for package in java.io java.lang java.lang.module java.lang.reflect java.math java.net java.nio java.util java.util.concurrent java.util.concurrent.atomic sun.nio.ch \
  jdk.internal.ref jdk.internal.loader jdk.internal.math jdk.internal.module jdk.internal.util.jar jdk.internal.misc jdk.internal.reflect; do
  opened="${opened:-} --add-opens java.base/$package=ALL-UNNAMED --add-exports java.base/$package=ALL-UNNAMED"
done
exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms400m -Xmx400m -Djava.security.manager=allow $opened \
  --add-exports java.management/com.sun.jmx.remote.security=ALL-UNNAMED --add-exports java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED \
  --add-exports java.rmi/sun.rmi.registry=ALL-UNNAMED --add-exports java.rmi/sun.rmi.server=ALL-UNNAMED --add-exports java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED --add-exports java.sql/java.sql=ALL-UNNAMED \
  --add-opens java.management/com.sun.jmx.remote.internal=ALL-UNNAMED --add-exports jdk.unsupported/sun.misc=ALL-UNNAMED --add-exports jdk.attach/sun.tools.attach=ALL-UNNAMED \
  -Dcassandra.config="file://$2/cassandra.yaml" -Dlogback.configurationFile="$2/logback.xml" -Dcassandra.storagedir="$2" -Dcassandra-foreground=yes -Dcassandra.ring_delay_ms=100 \
  -Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.superuser_setup_delay_ms=0 -cp "$1/*" org.apache.cassandra.service.CassandraDaemon
