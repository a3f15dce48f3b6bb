package dev.spandrel.policy;

import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.HeaderMatch;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.Role;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.crds.Sampling;
import dev.spandrel.crds.Spans;
import dev.spandrel.crds.TracePolicySpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The policies of a chain as one configuration: what one leaves out comes from the next, and at the end from here. */
record Effective(List<Policy> chain) {
    private static final BigDecimal ALL = BigDecimal.ONE.scaleByPowerOfTen(2);
    private static final BigDecimal TRACE_IDS = BigDecimal.valueOf(1L << 56);
    private static final List<String> CONTEXT_HEADERS =
            List.of("b3", "traceparent", "uber-trace-id", "x-amzn-trace-id");

    /** Agents of the first contract know the first of these alone. */
    static final List<Protocol> EVERY_PROTOCOL = List.of(Protocol.PROTOCOL_HTTP, Protocol.PROTOCOL_ALL);

    TraceConfig config() {
        TraceConfig.Builder config = TraceConfig.newBuilder()
                .setPolicy(chain.getFirst().key().toString())
                .setEnabled(value(Field.ENABLED, true))
                .addAllProtocols(protocols())
                .addAllRoles(roles())
                .addAllPorts(PortRanges.of(value(Field.PORTS, List.of())))
                .setServerErrorFrom(500)
                .setClientErrorFrom(value(Field.CLIENT_ERRORS_FROM, 400))
                .setSearchBytes(value(Field.SEARCH_BYTES, 4096));
        return switch (value(Field.DECIDE_BY, Sampling.DecideBy.TraceId)) {
            case TraceId -> byTraceId(config.setMetrics(value(Field.METRICS, true)));
            case Chance -> byChance(config);
        };
    }

    private TraceConfig byTraceId(TraceConfig.Builder config) {
        return switch (create()) {
            case Always -> asked(config).setCreate(Create.CREATE_ALWAYS).build();
            case HeaderPresent ->
                asked(config)
                        .setCreate(Create.CREATE_HEADER_PRESENT)
                        .addAllHeaders(lowerCase(value(Field.HEADERS, CONTEXT_HEADERS)))
                        .build();
            case Never -> // only with one of no headers, and then not kept
                config.setCreate(Create.CREATE_HEADER_PRESENT)
                        .setThreshold(threshold(0))
                        .build();
        };
    }

    /** Nothing is asked of a request that would have to be read or counted for it, whatever the chain says. */
    private TraceConfig byChance(TraceConfig.Builder config) {
        config.setByChance(true).setCreate(Create.CREATE_ALWAYS);
        return switch (create()) {
            case Always, HeaderPresent -> spans(config).build();
            case Never -> config.setThreshold(threshold(0)).build();
        };
    }

    private Spans.Create create() {
        return value(Field.CREATE, Spans.Create.Always);
    }

    /** What the policies say, whatever {@code sampling.decideBy}, {@code spans.create} and fences make of it. */
    TraceConfig said() {
        return asked(config().toBuilder().clearMatch().clearRequestHeaderAttributes())
                .setMetrics(value(Field.METRICS, true))
                .clearHeaders()
                .addAllHeaders(lowerCase(value(Field.HEADERS, CONTEXT_HEADERS)))
                .clearRequestHeaderAttributes()
                .addAllRequestHeaderAttributes(lowerCase(value(Field.REQUEST_HEADERS, List.of())))
                .build();
    }

    private TraceConfig.Builder spans(TraceConfig.Builder config) {
        return config.setThreshold(threshold(value(Field.PERCENT, 100.0)))
                .setMaxSpansPerSecond(value(Field.MAX_SPANS_PER_SECOND, 0))
                .addAllRequestHeaderAttributes(requestHeaders());
    }

    private TraceConfig.Builder asked(TraceConfig.Builder config) {
        return spans(config)
                .setHonorParent(value(Field.HONOR_PARENT, true))
                .setKeepErrors(value(Field.KEEP_ERRORS, true))
                .setSlowerThanNanos(Durations.parse(value(Field.SLOWER_THAN, "0s"))
                        .orElse(Duration.ZERO)
                        .toNanos())
                .addAllMatch(matches());
    }

    /** Units of 2^-56: of all trace ids, the share below it is dropped. */
    static long threshold(double percent) {
        return ALL.subtract(BigDecimal.valueOf(percent))
                .multiply(TRACE_IDS)
                .divide(ALL, 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private List<Protocol> protocols() {
        return from(Field.PROTOCOLS)
                .map(Field.PROTOCOLS::in)
                .map(words -> words.stream()
                        .flatMap(word -> ProtocolNames.of(word).stream())
                        .distinct()
                        .sorted()
                        .toList())
                .orElse(EVERY_PROTOCOL);
    }

    private List<Role> roles() {
        return value(Field.ROLES, List.of(TracePolicySpec.Role.values())).stream()
                .map(role -> switch (role) {
                    case Server -> Role.ROLE_SERVER;
                    case Client -> Role.ROLE_CLIENT;
                })
                .distinct()
                .sorted()
                .toList();
    }

    private List<HeaderMatch> matches() {
        return value(Field.MATCH, List.of()).stream()
                .map(match -> HeaderMatch.newBuilder()
                        .setName(match.name().toLowerCase(Locale.ROOT))
                        .setValue(Objects.requireNonNullElse(match.value(), ""))
                        .build())
                .distinct()
                .toList();
    }

    private List<String> requestHeaders() {
        List<String> wanted = lowerCase(value(Field.REQUEST_HEADERS, List.of()));
        return wanted.stream()
                .filter(lowerCase(value(Field.ALLOWED_REQUEST_HEADERS, wanted))::contains)
                .toList();
    }

    /** What the policy whose request headers hold asks for in vain, and the policy that does not allow it. */
    Optional<Fence> fence() {
        List<String> wanted = lowerCase(value(Field.REQUEST_HEADERS, List.of()));
        SortedSet<String> refused = new TreeSet<>(wanted);
        requestHeaders().forEach(refused::remove);
        return refused.isEmpty()
                ? Optional.empty()
                : Optional.of(new Fence(
                        from(Field.REQUEST_HEADERS).orElseThrow().key(),
                        from(Field.ALLOWED_REQUEST_HEADERS).orElseThrow().key(),
                        refused));
    }

    /** Of what a policy of the chain says, what holds, and until when. */
    Digest own(Policy policy) {
        StringBuilder text = new StringBuilder();
        for (Field<?> field : Field.ALL) {
            if (from(field).filter(first -> first.key().equals(policy.key())).isPresent()) {
                Object value = field == Field.REQUEST_HEADERS ? requestHeaders() : field.in(policy);
                text.append(field.path()).append('=').append(value).append('\n');
            }
        }
        policy.expiresAt().ifPresent(text::append);
        return Digest.of(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    record Fence(Policy.Key asks, Policy.Key by, SortedSet<String> refused) {}

    private static List<String> lowerCase(List<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }

    private <T> T value(Field<T> field, T otherwise) {
        return from(field).map(field::in).orElse(otherwise);
    }

    /** Whose value holds; none's, if it is the default. */
    Optional<Policy> from(Field<?> field) {
        return chain.stream().filter(policy -> field.in(policy) != null).findFirst();
    }
}
