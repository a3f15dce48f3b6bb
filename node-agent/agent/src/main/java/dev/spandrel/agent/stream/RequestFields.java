package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.GrpcStatus;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import dev.spandrel.agent.protocol.http2.Field;
import dev.spandrel.agent.protocol.http2.FieldSink;
import dev.spandrel.agent.workload.HeaderRule;
import dev.spandrel.agent.workload.Workload;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what a request's header block says. One for all requests: {@link #start} makes it anew. */
final class RequestFields implements FieldSink {
    /** What spans say of every request. */
    private static final List<String> ALWAYS = List.of("user-agent", "x-forwarded-for", "tracestate");
    /** As much as the kernel keeps of a head. */
    static final int MOST = 4095;

    private static final List<Method> METHODS = Arrays.asList(Method.values());

    private final Text method = new Text();
    private final Text path = new Text();
    private final Text authority = new Text();
    private final Text lines = new Text();
    private final Text assembled = new Text();
    private final Slice slice = new Slice();
    private final Names names = new Names();
    private TraceContext context = new TraceContext();
    private List<String> captured = List.of();
    private List<HeaderRule> rules = List.of();
    private Exchange.Kind kind = Exchange.Kind.UNKNOWN;
    private boolean traceparentCounts;
    private boolean eligible;
    private boolean matched;
    private boolean unknown;
    private boolean readsBodies;
    private boolean secure;
    private long patience;

    /** {@code workload}: whose configuration says what is asked of requests, null if it is gone. */
    RequestFields start(StreamRecord news, @Nullable Workload workload) {
        for (Text text : List.of(method, path, authority, lines)) {
            text.start();
        }
        context = new TraceContext();
        captured = workload == null ? List.of() : workload.requestHeaderAttributes();
        rules = workload == null ? List.of() : workload.headerRules();
        kind = Exchange.Kind.UNKNOWN;
        traceparentCounts = ConfigBit.TRACEPARENT_PRESENT.in(news.configFlags());
        eligible = false;
        matched = false;
        unknown = false;
        readsBodies = OverHttp.readsBodies(news);
        secure = false;
        patience = 0;
        return this;
    }

    @Override
    public void field(Field field) {
        if (!field.isNameKnown() || !field.isValueKnown()) {
            unknown = true;
            return;
        }
        Slice name = field.name();
        Slice value = field.value();
        if (!name.isEmpty() && name.at(0) == ':') {
            pseudo(name, value);
            return;
        }
        if (name.equalsLower("traceparent")) {
            context.header(value);
            eligible |= traceparentCounts;
        } else if (name.equalsLower("content-type")) {
            kind = GrpcStatus.isContentType(value) ? Exchange.Kind.GRPC : Exchange.Kind.HTTP;
        } else if (name.equalsLower("grpc-timeout")) {
            patience = GrpcStatus.timeout(value);
        } else if (name.equalsLower("host") && authority.length() == 0) {
            authority.text(value);
        }
        if (isAsked(name) || readsBodies && name.equalsLower("content-type")) {
            line(name, value);
        }
        match(name, value);
    }

    /** The request as HTTP/1 would have sent it. What is unknown is left out. */
    byte[] head() {
        assembled
                .start()
                .text(method.into(slice))
                .text(" ")
                .text(path.into(slice))
                .text(" HTTP/2\r\n");
        if (authority.length() > 0) {
            assembled.text("host: ").text(authority.into(slice)).text("\r\n");
        }
        if (assembled.length() + lines.length() + 2 <= MOST) {
            assembled.text(lines.into(slice)).text("\r\n");
        }
        assembled.into(slice);
        return Arrays.copyOfRange(slice.bytes(), slice.from(), Math.min(slice.to(), slice.from() + MOST));
    }

    Method method() {
        method.into(slice);
        for (Method one : METHODS) {
            if (one != Method.OTHER
                    && slice.length() == one.name().length()
                    && slice.toString().equals(one.name())) {
                return one;
            }
        }
        return Method.OTHER;
    }

    TraceContext context() {
        return context;
    }

    /** gRPC's name of the method: the path without its first slash. */
    String operation() {
        if (kind == Exchange.Kind.HTTP || path.length() < 2) {
            return "";
        }
        path.into(slice);
        return names.of(slice.set(slice.bytes(), slice.from() + 1, slice.to()));
    }

    /** A request without a type of its content is none of gRPC, if all that it has is known. */
    Exchange.Kind kind() {
        return kind == Exchange.Kind.UNKNOWN && !unknown ? Exchange.Kind.HTTP : kind;
    }

    boolean isEligible() {
        return eligible;
    }

    boolean isMatched() {
        return matched;
    }

    boolean hasUnknown() {
        return unknown;
    }

    boolean isSecure() {
        return secure;
    }

    long patience() {
        return patience;
    }

    /** Whether this can be a request: it names its method, or something of it is unknown. */
    boolean isRequest() {
        return method.length() > 0 || unknown;
    }

    private void pseudo(Slice name, Slice value) {
        if (name.equalsLower(":method")) {
            method.start().text(value);
        } else if (name.equalsLower(":path")) {
            path.start().text(value);
        } else if (name.equalsLower(":authority")) {
            authority.start().text(value);
            match(slice.set(HOST, 0, HOST.length), value);
            if (isAsked(slice)) {
                line(slice, value);
            }
        } else if (name.equalsLower(":scheme")) {
            secure = value.equalsLower("https");
        }
    }

    private static final byte[] HOST = {'h', 'o', 's', 't'};

    private boolean isAsked(Slice name) {
        for (String one : ALWAYS) {
            if (name.equalsLower(one)) {
                return true;
            }
        }
        for (String one : captured) {
            if (!one.equals("host") && name.equalsLower(one)) {
                return true;
            }
        }
        return false;
    }

    /** Line ends, which no value may have, would make two lines of one. */
    private void line(Slice name, Slice value) {
        lines.text(name).text(": ");
        for (int i = 0; i < value.length(); i++) {
            int c = value.at(i);
            lines.append((byte) (c == '\r' || c == '\n' ? ' ' : c));
        }
        lines.text("\r\n");
    }

    private void match(Slice name, Slice value) {
        for (HeaderRule rule : rules) {
            if (name.equalsLower(rule.name()) && (rule.value().isEmpty() || equal(value.trim(), rule.value()))) {
                eligible = true;
                matched |= rule.keeps();
            }
        }
    }

    private static boolean equal(Slice value, String wanted) {
        return value.length() >= wanted.length() && value.toString().equals(wanted);
    }
}
