package dev.spandrel.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BtfTest {
    private static final String STRINGS = "\0int\0point\0x\0ys\0shape\0ROUND\0btf_trace_tick\0";

    @Test
    void readsStructsArraysAndEnums() {
        var btf = Btf.parse(raw(types()));

        var point = btf.struct("point").orElseThrow();
        assertThat(point.size()).isEqualTo(16);
        assertThat(point.members()).containsEntry("x", new Btf.Place(0, 4)).containsEntry("ys", new Btf.Place(4, 12));
        assertThat(btf.enumeration("shape").orElseThrow()).containsEntry("ROUND", -2L);
    }

    @Test
    void tracepointsAreTheTypesOfTheirName(@TempDir Path folder) throws Exception {
        var file = folder.resolve("btf");
        Files.write(file, raw(types()));

        assertThat(KernelTracepoints.read(file)).contains(Set.of("tick"));
        assertThat(KernelTracepoints.read(folder.resolve("absent"))).isEmpty();
        Files.write(file, new byte[3]);
        assertThat(KernelTracepoints.read(file)).isEmpty();
    }

    @Test
    void tracepointsOverTheEdgeOfAChunkAreWhole(@TempDir Path folder) throws Exception {
        var file = folder.resolve("btf");
        var strings = new StringBuilder();
        for (int i = 0; i < 20_000; i++) strings.append("btf_trace_t").append(i).append('\0');
        Files.write(file, raw(types(), strings.toString()));

        assertThat(KernelTracepoints.read(file).orElseThrow()).hasSize(20_000).contains("t0", "t9999", "t19999");
    }

    @Test
    void whatIsNotBtfIsRefused() {
        assertThatThrownBy(() -> Btf.parse(new byte[64])).isInstanceOf(BpfException.class);
        assertThat(Btf.EMPTY.struct("point")).isEmpty();
    }

    private static ByteBuffer types() {
        var types = ByteBuffer.allocate(400).order(ByteOrder.nativeOrder());
        type(types, "int", 1, 0, 4).putInt(32); // 1
        type(types, "", 3, 0, 0).putInt(1).putInt(1).putInt(3); // 2: int[3]
        type(types, "point", 4, 2, 16); // 3
        types.putInt(name("x")).putInt(1).putInt(0);
        types.putInt(name("ys")).putInt(2).putInt(32);
        type(types, "shape", 6, 1, 4).putInt(name("ROUND")).putInt(-2); // 4
        type(types, "btf_trace_tick", 8, 0, 1); // 5
        return types.flip();
    }

    private static ByteBuffer type(ByteBuffer to, String name, int kind, int members, int sizeOrType) {
        return to.putInt(name(name)).putInt(kind << 24 | members).putInt(sizeOrType);
    }

    private static int name(String name) {
        return name.isEmpty() ? 0 : STRINGS.indexOf('\0' + name + '\0') + 1;
    }

    private static byte[] raw(ByteBuffer types) {
        return raw(types, STRINGS);
    }

    private static byte[] raw(ByteBuffer types, String text) {
        var strings = text.getBytes(StandardCharsets.UTF_8);
        var raw = ByteBuffer.allocate(24 + types.remaining() + strings.length).order(ByteOrder.nativeOrder());
        raw.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        raw.putInt(0).putInt(types.remaining());
        raw.putInt(types.remaining()).putInt(strings.length);
        return raw.put(types).put(strings).array();
    }
}
