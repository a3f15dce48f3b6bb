package dev.spandrel.contract.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The present contract and the first one, as recorded: they understand each other in what both know. */
final class ContractEvolutionTest {
    private static final List<FileDescriptor> RECORDED = new ArrayList<>();

    private static final TraceConfig CONFIG = TraceConfig.newBuilder()
            .setPolicy("shop/traces")
            .setEnabled(true)
            .addProtocols(Protocol.PROTOCOL_HTTP)
            .addRoles(Role.ROLE_SERVER)
            .setThreshold(7)
            .addMatch(HeaderMatch.newBuilder().setName("x-debug"))
            .addPorts(PortRange.newBuilder().setFirst(80).setLast(80))
            .build();

    @BeforeAll
    static void read() throws IOException, DescriptorValidationException {
        try (InputStream bytes = ContractEvolutionTest.class.getResourceAsStream("/contract/recorded.binpb")) {
            for (FileDescriptorProto file : FileDescriptorSet.parseFrom(bytes).getFileList()) {
                RECORDED.add(FileDescriptor.buildFrom(file, RECORDED.toArray(FileDescriptor[]::new)));
            }
        }
    }

    @Test
    void nothingThatWasReleasedIsGoneOrAnother() {
        for (Descriptor message : recordedMessages()) {
            Descriptor present = present(message.getName());
            for (FieldDescriptor field : message.getFields()) {
                FieldDescriptor now = present.findFieldByNumber(field.getNumber());
                assertThat(now).as(field.getFullName()).isNotNull();
                assertThat(now.getName()).isEqualTo(field.getName());
                assertThat(now.getType()).as(field.getFullName()).isEqualTo(field.getType());
                assertThat(now.isRepeated()).as(field.getFullName()).isEqualTo(field.isRepeated());
            }
        }
        for (FileDescriptor file : RECORDED) {
            for (EnumDescriptor words : file.getEnumTypes()) {
                for (EnumValueDescriptor word : words.getValues()) {
                    assertThat(presentEnum(words.getName()).findValueByName(word.getName()))
                            .extracting(EnumValueDescriptor::getNumber)
                            .isEqualTo(word.getNumber());
                }
            }
        }
    }

    @Test
    void anOlderAgentReadsAllThatItKnowsOfANewerOperatorsPush() throws Exception {
        Push push = Push.newBuilder()
                .setNonce("1")
                .setVersion("v1")
                .addWorkloads(
                        Workload.newBuilder().setId("pod/1").setPodUid("1").setConfig(CONFIG))
                .setReadBack(ReadBack.newBuilder().setId("q"))
                .build();
        DynamicMessage read = asRecorded(push);
        assertThat(read.getUnknownFields().asMap()).containsOnlyKeys(Push.READ_BACK_FIELD_NUMBER);
        assertThat(Push.parseFrom(read.toByteArray()))
                .as("and loses nothing on the way")
                .isEqualTo(push);
        assertThat(withoutUnknown(read).toByteString())
                .isEqualTo(push.toBuilder().clearReadBack().build().toByteString());
    }

    @Test
    void anOlderOperatorReadsAllThatItKnowsOfANewerAgentsHello() throws Exception {
        Hello hello = Hello.newBuilder()
                .setNode("n1")
                .setHeldVersion("v1")
                .addCapabilities(Capability.CAPABILITY_READ_BACK)
                .addKnownFields(1)
                .addKnownProtocols(1)
                .build();
        DynamicMessage read = asRecorded(hello);
        assertThat(read.getUnknownFields().asMap())
                .containsOnlyKeys(
                        Hello.CAPABILITIES_FIELD_NUMBER,
                        Hello.KNOWN_FIELDS_FIELD_NUMBER,
                        Hello.KNOWN_PROTOCOLS_FIELD_NUMBER);
        assertThat(withoutUnknown(read).toByteString())
                .isEqualTo(hello.toBuilder()
                        .clearCapabilities()
                        .clearKnownFields()
                        .clearKnownProtocols()
                        .build()
                        .toByteString());
    }

    @Test
    void anOlderAgentsHelloNamesNothingThatIsNewer() throws Exception {
        DynamicMessage older = asRecorded(
                Hello.newBuilder().setNode("n1").setAgentVersion("0.0.1").build());
        Hello read = Hello.parseFrom(older.toByteArray());
        assertThat(read.getNode()).isEqualTo("n1");
        assertThat(read.getKnownFieldsList()).isEmpty();
        assertThat(recorded("TraceConfig").getFields())
                .as("what an agent that names nothing is taken to know: 1 to 19")
                .extracting(FieldDescriptor::getNumber)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 19).boxed().toList());
    }

    private static DynamicMessage asRecorded(Message message) throws InvalidProtocolBufferException {
        return DynamicMessage.parseFrom(recorded(message.getDescriptorForType().getName()), message.toByteArray());
    }

    private static Message withoutUnknown(DynamicMessage message) {
        return message.toBuilder()
                .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                .build();
    }

    private static List<Descriptor> recordedMessages() {
        return RECORDED.stream()
                .flatMap(file -> file.getMessageTypes().stream())
                .toList();
    }

    private static Descriptor recorded(String name) {
        return recordedMessages().stream()
                .filter(message -> message.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Descriptor present(String name) {
        Descriptor configured = NodeConfig.getDescriptor().getFile().findMessageTypeByName(name);
        Descriptor streamed = Push.getDescriptor().getFile().findMessageTypeByName(name);
        assertThat(configured == null ? streamed : configured).as(name).isNotNull();
        return configured == null ? streamed : configured;
    }

    private static EnumDescriptor presentEnum(String name) {
        return name.equals("Protocol")
                ? Protocol.getDescriptor()
                : NodeConfig.getDescriptor().getFile().findEnumTypeByName(name);
    }
}
