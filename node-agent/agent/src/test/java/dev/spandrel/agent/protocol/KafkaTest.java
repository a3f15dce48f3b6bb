package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Apache's own library writes, in every version that it has. */
class KafkaTest {
    private static final Uuid ID = new Uuid(4, 2);
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b%d-01";

    private final Kafka reader = new Kafka();

    static IntStream produce() {
        return versions(ApiKeys.PRODUCE);
    }

    static IntStream fetch() {
        return versions(ApiKeys.FETCH);
    }

    static IntStream commit() {
        return versions(ApiKeys.OFFSET_COMMIT);
    }

    private static IntStream versions(ApiKeys key) {
        return IntStream.rangeClosed(key.oldestVersion(), key.latestVersion(true));
    }

    @ParameterizedTest
    @MethodSource("produce")
    void whatIsSent(int version) {
        MessagingRequest request = read(request(ApiKeys.PRODUCE, version, sent(records(Compression.NONE, 3), 1)), 0);
        assertThat(request.operation()).isEqualTo("send");
        assertThat(request.client()).hasToString("a-client");
        assertDestination(request, version >= 13);
        assertThat(request.partition()).isEqualTo(5);
        assertThat(request.messages()).isEqualTo(3);
        assertThat(request.links().count()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("produce")
    void ofSeveralPartitionsAndOfWhatIsCompressedTheNumber(int version) {
        MessagingRequest request = read(
                request(
                        ApiKeys.PRODUCE,
                        version,
                        sent(records(Compression.gzip().build(), 3), 2)),
                0);
        assertThat(request.topics()).isEqualTo(1);
        assertThat(request.partitions()).isEqualTo(2);
        assertThat(request.partition()).isEqualTo(-1);
        assertThat(request.messages()).isEqualTo(6);
        assertThat(request.links().count()).isZero();
    }

    @ParameterizedTest
    @MethodSource("fetch")
    void whatIsReceived(int version) {
        byte[] asked = request(ApiKeys.FETCH, version, asked());
        assertDestination(read(asked, 0), version >= 13);
        byte[] answered = answer(ApiKeys.FETCH, version, fetched(records(Compression.NONE, 2)));
        MessagingRequest request = read(join(asked, answered), asked.length);
        assertThat(request.operation()).isEqualTo("poll");
        assertDestination(request, version >= 13);
        assertThat(request.messages()).isEqualTo(2);
        assertThat(request.links().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("commit")
    void whoCommits(int version) {
        var data = new OffsetCommitRequestData()
                .setGroupId("a-group")
                .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                        .setName(version >= 10 ? "" : "orders")
                        .setTopicId(version >= 10 ? ID : Uuid.ZERO_UUID)
                        .setPartitions(List.of(
                                new OffsetCommitRequestData.OffsetCommitRequestPartition().setPartitionIndex(1)))));
        MessagingRequest request = read(request(ApiKeys.OFFSET_COMMIT, version, data), 0);
        assertThat(request.operation()).isEqualTo("commit");
        assertThat(request.group()).hasToString("a-group");
        assertDestination(request, version >= 10);
    }

    @ParameterizedTest
    @MethodSource("metadata")
    void topicsByTheirIds(int version) {
        var topics = new MetadataResponseData.MetadataResponseTopicCollection();
        for (String name : List.of("orders", "bills")) {
            topics.add(new MetadataResponseData.MetadataResponseTopic()
                    .setName(name)
                    .setTopicId(new Uuid(4, name.length()))
                    .setPartitions(List.of(new MetadataResponseData.MetadataResponsePartition()
                            .setReplicaNodes(List.of(1, 2))
                            .setIsrNodes(List.of(1)))));
        }
        var brokers = new MetadataResponseData.MetadataResponseBrokerCollection();
        brokers.add(
                new MetadataResponseData.MetadataResponseBroker().setNodeId(1).setHost("a-host"));
        byte[] bytes = answer(
                ApiKeys.METADATA,
                version,
                new MetadataResponseData().setBrokers(brokers).setTopics(topics).setClusterId("c"));
        bytes[0] = (byte) version;
        List<String> learned = new ArrayList<>();
        reader.learn(
                bytes,
                0,
                bytes.length,
                (source, id, name) -> learned.add(
                        name + " " + ByteBuffer.wrap(source, id + 8, 8).getLong()));
        assertThat(learned).containsExactlyInAnyOrder("orders 6", "bills 5");
    }

    static IntStream metadata() {
        return versions(ApiKeys.METADATA).filter(version -> version >= 10);
    }

    @Test
    void everyApiHasItsNameAndTheVersionFromWhichItIsFlexible() {
        for (ApiKeys key : ApiKeys.values()) {
            if (!key.name.equals("Produce") && !key.name.equals("Fetch") && !key.name.equals("OffsetCommit")) {
                assertThat(reader.operation(key.id).replace("_", "")).isEqualToIgnoringCase(key.name);
            }
            for (short version = key.messageType.lowestSupportedVersion();
                    version <= key.messageType.highestSupportedVersion(true);
                    version++) {
                assertThat(version >= KafkaApi.flexibleFrom(key.id))
                        .as("%s %d", key, version)
                        .isEqualTo(key.messageType.requestHeaderVersion(version) >= 2);
            }
        }
    }

    @Test
    void everyErrorHasItsName() {
        for (Errors error : Errors.values()) {
            assertThat(reader.error(error.code() & 0xffff)).isEqualTo(error.name());
        }
        assertThat(reader.error(9999)).isEqualTo("9999");
    }

    @Test
    void anyBytesNeverThrowAndAreReadInBoundedTime() {
        Random random = new Random(8);
        byte[] sent = request(ApiKeys.PRODUCE, 9, sent(records(Compression.NONE, 3), 2));
        byte[] asked = request(ApiKeys.FETCH, 12, asked());
        byte[] received = join(asked, answer(ApiKeys.FETCH, 12, fetched(records(Compression.NONE, 2))));
        for (int i = 0; i < 100_000; i++) {
            boolean first = random.nextBoolean();
            byte[] bytes = (first ? sent : received).clone();
            for (int j = random.nextInt(6); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int to = random.nextInt(bytes.length + 1);
            assertThat(reader.read(bytes, 0, to, first ? 0 : Math.min(to, asked.length)))
                    .isNotNull();
        }
    }

    private static void assertDestination(MessagingRequest request, boolean byId) {
        assertThat(request.topics()).isEqualTo(1);
        assertThat(request.destination()).hasToString(byId ? "" : "orders");
        if (byId) {
            Slice id = request.destinationId();
            assertThat(ByteBuffer.wrap(id.bytes(), id.from(), 16).getLong()).isEqualTo(4);
        }
    }

    private static ProduceRequestData sent(MemoryRecords records, int partitions) {
        var topic = new ProduceRequestData.TopicProduceData().setName("orders").setTopicId(ID);
        topic.setPartitionData(IntStream.range(0, partitions)
                .mapToObj(i -> new ProduceRequestData.PartitionProduceData()
                        .setIndex(5 + i)
                        .setRecords(records))
                .toList());
        var topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(topic);
        return new ProduceRequestData().setAcks((short) -1).setTopicData(topics);
    }

    private static FetchRequestData asked() {
        return new FetchRequestData()
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic("orders")
                        .setTopicId(ID)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition().setPartition(5)))));
    }

    private static FetchResponseData fetched(MemoryRecords records) {
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic("orders")
                        .setTopicId(ID)
                        .setPartitions(List.of(new FetchResponseData.PartitionData()
                                .setPartitionIndex(5)
                                .setAbortedTransactions(
                                        List.of(new FetchResponseData.AbortedTransaction().setProducerId(1)))
                                .setRecords(records)))));
    }

    private static MemoryRecords records(Compression compression, int count) {
        return MemoryRecords.withRecords(
                compression,
                IntStream.range(0, count)
                        .mapToObj(i -> new SimpleRecord(
                                1,
                                "key".getBytes(StandardCharsets.UTF_8),
                                "s3cr3t".getBytes(StandardCharsets.UTF_8),
                                new Header[] {
                                    new RecordHeader("x-secret", "s3cr3t".getBytes(StandardCharsets.UTF_8)),
                                    new RecordHeader(
                                            "traceparent", PARENT.formatted(i).getBytes(StandardCharsets.UTF_8))
                                }))
                        .toArray(SimpleRecord[]::new));
    }

    private MessagingRequest read(byte[] bytes, int answer) {
        Answer said = reader.read(bytes, 0, bytes.length, answer);
        assertThat(said).isInstanceOf(MessagingRequest.class);
        return (MessagingRequest) said;
    }

    private static byte[] request(ApiKeys key, int version, Message data) {
        var header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion((short) version)
                .setCorrelationId(9)
                .setClientId("a-client");
        return framed(header, key.messageType.requestHeaderVersion((short) version), data, version);
    }

    private static byte[] answer(ApiKeys key, int version, Message data) {
        return framed(
                new ResponseHeaderData().setCorrelationId(9),
                key.messageType.responseHeaderVersion((short) version),
                data,
                version);
    }

    private static byte[] framed(Message header, short headerVersion, Message data, int version) {
        byte[] head = bytes(header, headerVersion);
        byte[] body = bytes(data, (short) version);
        return ByteBuffer.allocate(4 + head.length + body.length)
                .putInt(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    private static byte[] bytes(Message message, short version) {
        ByteBuffer written = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
