package dev.spandrel.agent.probe;

import dev.spandrel.agent.span.WallClock;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.show.TextOutput;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.RecordHead;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Turns records of one program into log records: the text that bpftrace would print, when, where and for which request. Of one thread. */
final class Records {
    private static final AttributeKey<Long> PROCESS = AttributeKey.longKey("process.pid");
    private static final AttributeKey<Long> THREAD = AttributeKey.longKey("thread.id");
    private static final HexFormat HEX = HexFormat.of();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final TextOutput text;
    private final Owners owners;
    private final WallClock clock;
    private final InstrumentationScopeInfo scope;

    Records(Version version, Owners owners, WallClock clock, InstrumentationScopeInfo scope) {
        this.text = new TextOutput(
                stream, Live.values(version, owners), version.session().maps());
        this.owners = owners;
        this.clock = clock;
        this.scope = scope;
    }

    PrintedRecord of(Action action, byte[] content) {
        bytes.reset();
        text.record(action, plain(content));
        stream.flush();
        var head = Bytes.of(content);
        long thread = head.getLong(RecordHead.THREAD);
        long time = clock.wall(head.getLong(RecordHead.TIME));
        return new PrintedRecord(
                owners.of(head.getLong(RecordHead.CGROUP)),
                scope,
                time,
                clock.wall(System.nanoTime()),
                context(content),
                bytes.toString(StandardCharsets.UTF_8).stripTrailing(),
                Attributes.of(PROCESS, thread >>> 32, THREAD, thread & 0xffffffffL));
    }

    /** As a program that no agent runs writes it. */
    private static byte[] plain(byte[] content) {
        byte[] plain = new byte[content.length - RecordHead.MANAGED + RecordHead.PLAIN];
        System.arraycopy(content, 0, plain, 0, RecordHead.PLAIN);
        System.arraycopy(content, RecordHead.MANAGED, plain, RecordHead.PLAIN, plain.length - RecordHead.PLAIN);
        return plain;
    }

    private static SpanContext context(byte[] content) {
        byte[] trace = Arrays.copyOfRange(content, RecordHead.TRACE_ID, RecordHead.SPAN_ID);
        byte[] span = Arrays.copyOfRange(content, RecordHead.SPAN_ID, RecordHead.MANAGED);
        return SpanContext.create(
                HEX.formatHex(trace), HEX.formatHex(span), TraceFlags.getDefault(), TraceState.getDefault());
    }
}
