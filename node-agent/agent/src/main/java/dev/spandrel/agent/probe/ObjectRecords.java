package dev.spandrel.agent.probe;

import dev.spandrel.agent.span.WallClock;
import dev.spandrel.probe.live.object.ObjectRecord;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns records of an object's ring buffers into log records: members are attributes, but for those that say whose, when and what. */
record ObjectRecords(Owners owners, WallClock clock, InstrumentationScopeInfo scope) {
    private static final String BODY = "message";
    private static final Map<String, String> NAMES = Map.of("pid", "process.pid", "tid", "thread.id");

    PrintedRecord of(ObjectRecord record) {
        SortedMap<String, Object> members = new TreeMap<>(record.attributes());
        long now = clock.wall(System.nanoTime());
        Object body = members.getOrDefault(BODY, "");
        members.remove(BODY);
        NAMES.forEach((member, name) -> {
            Object value = members.remove(member);
            if (value != null) members.put(name, value);
        });
        return new PrintedRecord(
                owners.of(record.cgroup()),
                scope,
                record.ktime() == 0 ? now : clock.wall(record.ktime()),
                now,
                SpanContext.getInvalid(),
                body.toString(),
                attributes(members));
    }

    static Attributes attributes(SortedMap<String, Object> members) {
        AttributesBuilder attributes = Attributes.builder();
        members.forEach((member, value) -> {
            if (value instanceof Long number) attributes.put(member, number);
            else attributes.put(member, value.toString());
        });
        return attributes.build();
    }
}
