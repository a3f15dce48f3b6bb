package dev.spandrel.policy;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** Node configs whose version is the hash of their content. */
public final class NodeConfigs {
    public static final NodeConfig NOTHING = of(List.of());

    private NodeConfigs() {}

    public static NodeConfig of(Collection<Workload> workloads) {
        NodeConfig unversioned = NodeConfig.newBuilder()
                .addAllWorkloads(workloads.stream()
                        .sorted(Comparator.comparing(Workload::getId))
                        .toList())
                .build();
        return unversioned.toBuilder().setVersion(hash(List.of(unversioned))).build();
    }

    /** SHA-256 of the messages' deterministic bytes, its first 16 bytes in hex. */
    static String hash(Collection<? extends Message> messages) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Message message : messages) {
                sha.update(bytes(message));
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] bytes(Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        try {
            CodedOutputStream output = CodedOutputStream.newInstance(bytes);
            output.useDeterministicSerialization();
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the array has the size that the message asked for
        }
        return bytes;
    }
}
