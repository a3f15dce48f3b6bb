import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** usage: Client PORT NAME: Apache's own client: several Produce requests in flight, transactions, both protocols of groups, what the broker refuses. */
public class Client {
    private static final String SECRET = "s3cr3t";
    private static String topic;
    private static String target;

    public static void main(String[] arguments) throws Exception {
        target = "127.0.0.1:" + arguments[0];
        topic = arguments[1] + "-java-things";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", target, "client.id", "java-admin"))) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
            admin.describeCluster().nodes().get();
        }
        produce(Map.of("client.id", "java-producer", "linger.ms", "0", "batch.size", "1"), 200, false);
        produce(Map.of("client.id", "java-transactions", "transactional.id", "java-transactions"), 40, true);
        consume("java-classic", Map.of("group.protocol", "classic"));
        consume("java-consumer", Map.of("group.protocol", "consumer"));
        refused();
    }

    private static void produce(Map<String, String> own, int count, boolean transaction) throws Exception {
        var settings = new java.util.HashMap<String, Object>(own);
        settings.put("bootstrap.servers", target);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            if (transaction) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                var record = new ProducerRecord<>(topic, i % 3, "" + i, SECRET);
                record.headers().add("traceparent", traceparent().getBytes()).add("x-secret", SECRET.getBytes());
                sent.add(producer.send(record));
            }
            producer.flush();
            for (Future<?> one : sent) one.get();
            if (transaction) producer.commitTransaction();
        }
    }

    private static void consume(String group, Map<String, String> own) {
        var settings = new java.util.HashMap<String, Object>(own);
        settings.putAll(Map.of("bootstrap.servers", target, "client.id", group, "group.id", topic + group, "auto.offset.reset", "earliest"));
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            for (int seen = 0; seen < 240; ) seen += consumer.poll(Duration.ofSeconds(5)).count();
            consumer.commitSync();
        }
    }

    /** An offset committed in the name of a generation that is not. */
    private static void refused() {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", target, "client.id", "java-refused", "group.id", "java-refused", "group.protocol", "classic");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.commitSync(Map.of(new TopicPartition("no-such-topic", 0), new OffsetAndMetadata(1)), Duration.ofSeconds(3));
        } catch (org.apache.kafka.common.KafkaException e) {
            return;
        }
    }

    private static String traceparent() {
        byte[] ids = new byte[24];
        ThreadLocalRandom.current().nextBytes(ids);
        String hex = HexFormat.of().formatHex(ids);
        return "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01";
    }
}
