package dev.spandrel.policy;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** The first 16 bytes of a SHA-256. */
record Digest(long first, long second) implements Comparable<Digest> {
    static final int BYTES = 2 * Long.BYTES;

    /** Of a message's deterministic bytes. */
    static Digest of(Message message) {
        return of(List.of(message));
    }

    static Digest of(Collection<? extends Message> messages) {
        MessageDigest sha = sha256();
        messages.forEach(message -> sha.update(bytes(message)));
        return of(sha);
    }

    static Digest of(ByteBuffer bytes) {
        MessageDigest sha = sha256();
        sha.update(bytes);
        return of(sha);
    }

    private static Digest of(MessageDigest sha) {
        ByteBuffer hash = ByteBuffer.wrap(sha.digest());
        return new Digest(hash.getLong(), hash.getLong());
    }

    @Override
    public int compareTo(Digest other) {
        int byFirst = Long.compare(first, other.first);
        return byFirst != 0 ? byFirst : Long.compare(second, other.second);
    }

    void appendTo(ByteBuffer bytes) {
        bytes.putLong(first).putLong(second);
    }

    String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(first) + hex.toHexDigits(second);
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
