package dev.spandrel.agent.probe;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.Body;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;

/** What a probe printed, as the SDK's exporter takes it. Times are wall-clock nanoseconds. */
record PrintedRecord(
        Resource resource,
        InstrumentationScopeInfo scope,
        long time,
        long observed,
        SpanContext context,
        String text,
        Attributes attributes)
        implements LogRecordData {
    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return scope;
    }

    @Override
    public long getTimestampEpochNanos() {
        return time;
    }

    @Override
    public long getObservedTimestampEpochNanos() {
        return observed;
    }

    @Override
    public SpanContext getSpanContext() {
        return context;
    }

    @Override
    public Severity getSeverity() {
        return Severity.UNDEFINED_SEVERITY_NUMBER;
    }

    @Override
    public String getSeverityText() {
        return "";
    }

    @Override
    @Deprecated // of the interface, which has no other way yet
    public Body getBody() {
        return Body.string(text);
    }

    @Override
    public Value<?> getBodyValue() {
        return Value.of(text);
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }
}
