package dev.spandrel.agent.export;

import dev.spandrel.probe.live.profile.Dictionary;
import io.opentelemetry.api.common.Attributes;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Profiles as an {@code ExportProfilesServiceRequest} of {@code opentelemetry.proto.collector.profiles.v1development}, field by field. */
final class ProfileEncoder {
    private static final HexFormat HEX = HexFormat.of();

    private final Dictionary dictionary = new Dictionary();
    private final ProtoBuffer out = new ProtoBuffer(64 * 1024);

    private ProfileEncoder() {}

    static ByteBuffer encode(List<CollectedProfile> profiles) {
        var encoder = new ProfileEncoder();
        profiles.forEach(one -> encoder.message(1, () -> encoder.ofResource(one)));
        encoder.message(2, encoder::tables);
        return encoder.out.view();
    }

    private void message(int field, Runnable content) {
        int mark = out.open(field);
        content.run();
        out.close(mark);
    }

    private void ofResource(CollectedProfile one) {
        message(1, () -> attributes(one.resource().getAttributes()));
        message(2, () -> {
            message(1, () -> out.string(1, one.scope().getName()));
            message(2, () -> profile(one));
        });
    }

    private void attributes(Attributes attributes) {
        attributes.forEach((key, value) -> message(1, () -> {
            out.string(1, key.getKey());
            message(2, () -> value(value));
        }));
    }

    private void value(Object value) {
        if (value instanceof Long number) out.varint(3, number);
        else out.string(1, value.toString());
    }

    private void profile(CollectedProfile one) {
        message(1, () -> {
            out.varint(1, dictionary.string(one.profile().type()));
            out.varint(2, dictionary.string(one.profile().unit()));
        });
        dictionary.samples(one.profile()).forEach(sample -> message(2, () -> sample(sample)));
        out.fixed64(3, one.start());
        out.varint(4, one.end() - one.start());
        UUID id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        out.bytes(7, bytes, 0, bytes.length);
    }

    private void sample(Dictionary.Sample sample) {
        out.varint(1, sample.stack());
        out.varint(2, sample.value());
        sample.attributes().forEach(one -> out.varint(3, one));
        out.varint(4, sample.link());
    }

    private void tables() {
        table(1, dictionary.mappings(), one -> out.varint(4, one.file()));
        table(2, dictionary.locations(), this::location);
        table(3, dictionary.functions(), one -> out.varint(1, one.name()));
        table(4, dictionary.links(), one -> {
            id(1, one.traceId());
            id(2, one.spanId());
        });
        dictionary.strings().forEach(one -> out.string(5, one));
        table(6, dictionary.attributes(), one -> {
            out.varint(1, one.key());
            message(2, () -> value(one.value()));
        });
        table(7, dictionary.stacks(), one -> one.locations().forEach(location -> out.varint(1, location)));
    }

    /** The first is one without fields. */
    private <T> void table(int field, List<T> rows, Consumer<T> row) {
        message(field, () -> {});
        rows.stream().skip(1).forEach(one -> message(field, () -> row.accept(one)));
    }

    private void location(Dictionary.Location location) {
        out.varint(1, location.mapping());
        out.varint(2, location.address());
        if (location.function() != 0) message(3, () -> out.varint(1, location.function()));
        if (location.type() != 0) out.varint(4, location.type());
    }

    private void id(int field, String hex) {
        byte[] bytes = HEX.parseHex(hex);
        out.bytes(field, bytes, 0, bytes.length);
    }
}
