package dev.spandrel.policy;

import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.HeaderMatch;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.Role;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.crds.Sampling;
import dev.spandrel.crds.Sampling.Keep;
import dev.spandrel.crds.Spans;
import dev.spandrel.crds.TracePolicySpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The policies in force for one workload, narrow to wide, as one configuration: what one leaves out comes from the next, and at the end from here. */
record Effective(List<Policy> inForce) {
    private static final BigDecimal ALL = BigDecimal.ONE.scaleByPowerOfTen(2);
    private static final BigDecimal TRACE_IDS = BigDecimal.valueOf(1L << 56);
    private static final List<String> CONTEXT_HEADERS =
            List.of("b3", "traceparent", "uber-trace-id", "x-amzn-trace-id");

    TraceConfig config() {
        Create create = switch (spans(Spans::create, Spans.Create.Always)) {
            case Always -> Create.CREATE_ALWAYS;
            case HeaderPresent -> Create.CREATE_HEADER_PRESENT;
        };
        TraceConfig.Builder config = TraceConfig.newBuilder()
                .setPolicy(inForce.getFirst().key().toString())
                .setEnabled(spec(TracePolicySpec::enabled, true))
                .addAllProtocols(protocols())
                .addAllRoles(roles())
                .setThreshold(threshold(sampling(Sampling::percent, 100.0)))
                .setHonorParent(sampling(Sampling::honorParent, true))
                .setMaxSpansPerSecond(sampling(Sampling::maxSpansPerSecond, 0))
                .setKeepErrors(keep(Keep::errors, true))
                .setServerErrorFrom(500)
                .setClientErrorFrom(keep(Keep::clientErrorsFrom, 400))
                .setSlowerThanNanos(Durations.parse(keep(Keep::slowerThan, "0s"))
                        .orElse(Duration.ZERO)
                        .toNanos())
                .setCreate(create)
                .addAllMatch(matches())
                .addAllRequestHeaderAttributes(lowerCase(requestHeaders()))
                .setMetrics(spec(
                        spec -> spec.metrics() == null ? null : spec.metrics().enabled(), true))
                .setSearchBytes(spans(Spans::searchBytes, 4096));
        if (create == Create.CREATE_HEADER_PRESENT) { // otherwise no header has to be looked for
            config.addAllHeaders(lowerCase(spans(Spans::headers, CONTEXT_HEADERS)));
        }
        return config.build();
    }

    /** Units of 2^-56: of all trace ids, the share below it is dropped. */
    static long threshold(double percent) {
        return ALL.subtract(BigDecimal.valueOf(percent))
                .multiply(TRACE_IDS)
                .divide(ALL, 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private List<Protocol> protocols() {
        return spec(TracePolicySpec::protocols, List.of(TracePolicySpec.Protocol.values())).stream()
                .map(protocol -> switch (protocol) {
                    case HTTP -> Protocol.PROTOCOL_HTTP;
                })
                .distinct()
                .sorted()
                .toList();
    }

    private List<Role> roles() {
        return spec(TracePolicySpec::roles, List.of(TracePolicySpec.Role.values())).stream()
                .map(role -> switch (role) {
                    case Server -> Role.ROLE_SERVER;
                    case Client -> Role.ROLE_CLIENT;
                })
                .distinct()
                .sorted()
                .toList();
    }

    private List<HeaderMatch> matches() {
        return spans(Spans::match, List.<Spans.Match>of()).stream()
                .map(match -> HeaderMatch.newBuilder()
                        .setName(match.name().toLowerCase(Locale.ROOT))
                        .setValue(Objects.requireNonNullElse(match.value(), ""))
                        .build())
                .distinct()
                .toList();
    }

    private List<String> requestHeaders() {
        return spans(
                spans -> spans.attributes() == null ? null : spans.attributes().requestHeaders(), List.of());
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }

    private <T> T keep(Function<Keep, @Nullable T> field, T otherwise) {
        return sampling(sampling -> sampling.keep() == null ? null : field.apply(sampling.keep()), otherwise);
    }

    private <T> T sampling(Function<Sampling, @Nullable T> field, T otherwise) {
        return spec(spec -> spec.sampling() == null ? null : field.apply(spec.sampling()), otherwise);
    }

    private <T> T spans(Function<Spans, @Nullable T> field, T otherwise) {
        return spec(spec -> spec.spans() == null ? null : field.apply(spec.spans()), otherwise);
    }

    private <T> T spec(Function<TracePolicySpec, @Nullable T> field, T otherwise) {
        return inForce.stream()
                .map(Policy::spec)
                .flatMap(spec -> Stream.ofNullable(field.apply(spec)))
                .findFirst()
                .orElse(otherwise);
    }
}
