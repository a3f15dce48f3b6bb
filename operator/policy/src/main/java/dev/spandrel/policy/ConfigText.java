package dev.spandrel.policy;

import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.HeaderMatch;
import dev.spandrel.contract.v1.PortRange;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.TraceConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration as fields of the spec, for people: path below {@code spec} to text, in the order of the spec. Two configurations have the
 * same texts if and only if they are the same. Of header values that select requests only a check sum is shown.
 */
public final class ConfigText {
    /** No field of the spec: for which policy spans are limited and losses counted. */
    public static final String POLICY = "policy";

    private static final int SERVER_ERRORS = 500;

    private ConfigText() {}

    public static SequencedMap<String, String> of(TraceConfig config) {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        texts.put(POLICY, config.getPolicy());
        put(texts, Field.ENABLED, config.getEnabled());
        put(texts, Field.PROTOCOLS, protocols(config));
        put(texts, Field.ROLES, enums(config.getRolesValueList(), List.of("?", "Server", "Client")));
        put(texts, Field.PORTS, join(config.getPortsList().stream().map(ConfigText::range), "all"));
        put(texts, Field.PERCENT, Percent.of(config.getThreshold()));
        put(texts, Field.DECIDE_BY, config.getByChance() ? "Chance" : "TraceId");
        put(texts, Field.HONOR_PARENT, config.getHonorParent());
        put(texts, Field.MAX_SPANS_PER_SECOND, limit(config.getMaxSpansPerSecond()));
        put(texts, Field.KEEP_ERRORS, config.getKeepErrors() + serverErrors(config.getServerErrorFrom()));
        put(texts, Field.CLIENT_ERRORS_FROM, Integer.toUnsignedString(config.getClientErrorFrom()));
        put(texts, Field.SLOWER_THAN, Durations.text(config.getSlowerThanNanos()));
        put(texts, Field.CREATE, create(config));
        put(texts, Field.HEADERS, join(config.getHeadersList().stream(), "none"));
        put(texts, Field.MATCH, join(config.getMatchList().stream().map(ConfigText::match), "none"));
        put(texts, Field.REQUEST_HEADERS, join(config.getRequestHeaderAttributesList().stream(), "none"));
        put(texts, Field.SEARCH_BYTES, Integer.toUnsignedString(config.getSearchBytes()));
        put(texts, Field.METRICS, config.getMetrics());
        return texts;
    }

    /** Paths of the fields in which they differ. */
    public static List<String> differences(TraceConfig one, TraceConfig other) {
        Map<String, String> others = of(other);
        return of(one).entrySet().stream()
                .filter(field -> !field.getValue().equals(others.get(field.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void put(Map<String, String> texts, Field<?> field, Object value) {
        texts.put(field.path(), value.toString());
    }

    private static String join(Stream<String> parts, String none) {
        String joined = parts.collect(Collectors.joining(", "));
        return joined.isEmpty() ? none : joined;
    }

    private static String protocols(TraceConfig config) {
        return config.getProtocolsList().equals(Effective.EVERY_PROTOCOL)
                ? "all"
                : join(config.getProtocolsValueList().stream().map(ConfigText::protocol), "none");
    }

    private static String protocol(int number) {
        Protocol known = Protocol.forNumber(number);
        return known == null ? Integer.toString(number) : ProtocolNames.name(known);
    }

    /** A number that this version has no name for stays a number. */
    private static String enums(List<Integer> numbers, List<String> names) {
        return join(
                numbers.stream()
                        .map(number -> number > 0 && number < names.size() ? names.get(number) : number.toString()),
                "none");
    }

    private static String range(PortRange range) {
        return range.getFirst() == range.getLast()
                ? Integer.toString(range.getFirst())
                : range.getFirst() + "-" + range.getLast();
    }

    private static String limit(int spansPerSecond) {
        return spansPerSecond == 0 ? "no limit" : Integer.toUnsignedString(spansPerSecond);
    }

    private static String serverErrors(int from) {
        return from == SERVER_ERRORS ? "" : ", a server's from " + Integer.toUnsignedString(from);
    }

    private static String create(TraceConfig config) {
        boolean asksForNothing = config.getCreate() == Create.CREATE_HEADER_PRESENT
                && config.getHeadersCount() == 0
                && config.getMatchCount() == 0;
        boolean never = (config.getByChance() || asksForNothing) && config.getThreshold() == Effective.threshold(0);
        return never
                ? "Never"
                : switch (config.getCreate()) {
                    case CREATE_ALWAYS -> "Always";
                    case CREATE_HEADER_PRESENT -> "HeaderPresent";
                    case CREATE_UNSPECIFIED, UNRECOGNIZED -> Integer.toString(config.getCreateValue());
                };
    }

    static String match(HeaderMatch match) {
        return match.getValue().isEmpty()
                ? match.getName()
                : match.getName() + " (value #" + Digest.of(match).hex().substring(0, 8) + ")";
    }
}
