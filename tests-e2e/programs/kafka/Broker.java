import java.nio.file.Files;
import java.nio.file.Path;

/** usage: Broker DIRECTORY PORT CONTROLLER_PORT [ADVERTISED_PORT]: one Kafka broker that is its own controller, with its files below the directory. */
public class Broker {
    public static void main(String[] arguments) throws Exception {
        Path properties = Files.createDirectories(Path.of(arguments[0])).resolve("server.properties");
        Files.writeString(properties, """
                process.roles=broker,controller
                node.id=1
                listeners=PLAINTEXT://127.0.0.1:%2$s,CONTROLLER://127.0.0.1:%3$s
                advertised.listeners=PLAINTEXT://127.0.0.1:%4$s
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@127.0.0.1:%3$s
                log.dirs=%1$s/log
                num.partitions=3
                num.network.threads=2
                num.io.threads=2
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                log.cleaner.enable=false
                """.formatted(arguments[0], arguments[1], arguments[2], arguments[arguments.length > 3 ? 3 : 1]));
        kafka.tools.StorageTool.execute(
                new String[] {"format", "-t", org.apache.kafka.common.Uuid.randomUuid().toString(), "-c", properties.toString()}, System.out);
        kafka.Kafka.main(new String[] {properties.toString()});
    }
}
