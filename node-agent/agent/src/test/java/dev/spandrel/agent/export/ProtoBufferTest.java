package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against protobuf's own reader, from a buffer that must grow with each field. */
class ProtoBufferTest {
    private final ProtoBuffer out = new ProtoBuffer(1);

    private CodedInputStream read(int field, int type) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(out.view());
        assertThat(in.readTag()).isEqualTo(field << 3 | type);
        return in;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void numbers(long value) throws IOException {
        out.varint(3, value);
        assertThat(ProtoBuffer.varintSize(value)).isEqualTo(out.size() - 1);
        assertThat(read(3, WireFormat.WIRETYPE_VARINT).readInt64()).isEqualTo(value);
        out.clear();
        out.fixed64(4, value);
        out.fixed32(5, (int) value);
        CodedInputStream in = read(4, WireFormat.WIRETYPE_FIXED64);
        assertThat(in.readFixed64()).isEqualTo(value);
        assertThat(in.readTag()).isEqualTo(5 << 3 | WireFormat.WIRETYPE_FIXED32);
        assertThat(in.readFixed32()).isEqualTo((int) value);
        assertThat(in.isAtEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "é", "ascii, then €", "\uD83D\uDE00", "a\u007f", "\u0080"})
    void texts(String value) throws IOException {
        out.string(18, value);
        out.string(1, "next");
        CodedInputStream in = read(18, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        assertThat(in.readString()).isEqualTo(value);
        in.readTag();
        assertThat(in.readString()).isEqualTo("next");
        assertThat(in.isAtEnd()).isTrue();
    }

    @Test
    void textLongerThanOneByteOfLength() throws IOException {
        String value = "x".repeat(70_000);
        out.string(1, value);
        assertThat(read(1, WireFormat.WIRETYPE_LENGTH_DELIMITED).readString()).isEqualTo(value);
    }
}
