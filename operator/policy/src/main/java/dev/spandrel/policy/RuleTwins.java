package dev.spandrel.policy;

import dev.spandrel.crds.Rules;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What each CEL rule of the CRD means, in Java. A test finds a rule without a twin, and one on a real API server where twins differ. */
final class RuleTwins {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&*+.^_`|~0-9A-Za-z'-]+");
    private static final Pattern VALUE =
            Pattern.compile("([^\\x00-\\x20\\x7f]([^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?)?");
    private static final Set<String> SECRETS =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key");

    private static final Map<String, Predicate<Object>> TWINS = Map.ofEntries(
            number(Rules.PERCENT_RANGE, percent -> within(percent, 0, 100)),
            number(Rules.PERCENT_DIGITS, RuleTwins::hasFourDecimals),
            number(Rules.SPANS_PER_SECOND, spans -> within(spans, 0, 1_000_000)),
            number(Rules.CLIENT_ERRORS, status -> within(status, 400, 400) || within(status, 500, 500)),
            number(Rules.SEARCH_BYTES, bytes -> within(bytes, 256, 4096)),
            number(Rules.PORT, port -> within(port, 1, 65_535)),
            Map.entry(Rules.PORT_ORDER, RuleTwins::isInOrder),
            list(Rules.NOT_EMPTY, list -> !list.isEmpty()),
            text(Rules.DURATION, text -> Durations.parse(text).isPresent()),
            text(Rules.DURATION_LIMIT, text -> within(text, Duration.ZERO, Duration.ofHours(1))),
            text(Rules.EXPIRY_LIMIT, text -> within(text, Duration.ofSeconds(1), Duration.ofHours(720))),
            text(Rules.HEADER_NAME, RuleTwins::isHeaderName),
            list(Rules.HEADER_NAMES, names -> names.stream().allMatch(RuleTwins::isHeaderName)),
            list(Rules.NO_SECRETS, names -> names.stream().noneMatch(RuleTwins::isSecret)),
            text(Rules.VALUE_BYTES, value -> value.getBytes(StandardCharsets.UTF_8).length <= 80),
            text(Rules.VALUE_TEXT, value -> VALUE.matcher(value).matches()),
            Map.entry(Rules.SELECTOR_VALUES, RuleTwins::hasTheRightValues),
            Map.entry(Rules.CHANCE_ALONE, spec -> !isByChance(spec) || !asksMoreThanChance(spec)));

    private RuleTwins() {}

    /** Of a value whose type the schema has already checked. */
    static Predicate<Object> of(String rule) {
        Predicate<Object> twin = TWINS.get(rule);
        if (twin == null) {
            throw new IllegalStateException("the CRD has a rule without a Java twin: " + rule);
        }
        return twin;
    }

    private static boolean within(BigDecimal number, long least, long most) {
        return number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    /** What is no duration breaks another rule. */
    private static boolean within(String text, Duration least, Duration most) {
        return Durations.parse(text)
                .map(duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0)
                .orElse(true);
    }

    private static boolean hasFourDecimals(BigDecimal percent) {
        double tenThousandths = percent.doubleValue() * 10000.0;
        return !within(percent, 0, 100) || Math.abs(tenThousandths - Math.floor(tenThousandths + 0.5)) < 0.001;
    }

    private static boolean isHeaderName(Object name) {
        return HEADER_NAME.matcher(name.toString()).matches();
    }

    private static boolean isSecret(Object name) {
        return SECRETS.contains(name.toString().toLowerCase(Locale.ROOT));
    }

    private static boolean isInOrder(Object ports) {
        Map<?, ?> fields = (Map<?, ?>) ports;
        return !(fields.get("endPort") instanceof Integer last) || last >= (Integer) fields.get("port");
    }

    private static boolean hasTheRightValues(Object requirement) {
        Map<?, ?> fields = (Map<?, ?>) requirement;
        boolean compares = Set.of("In", "NotIn").contains(fields.get("operator"));
        return compares == (fields.get("values") instanceof List<?> values && !values.isEmpty());
    }

    private static boolean isByChance(Object spec) {
        return "Chance".equals(at(spec, "sampling", "decideBy"));
    }

    private static boolean asksMoreThanChance(Object spec) {
        return Boolean.TRUE.equals(at(spec, "metrics", "enabled"))
                || Boolean.TRUE.equals(at(spec, "sampling", "honorParent"))
                || Boolean.TRUE.equals(at(spec, "sampling", "keep", "errors"))
                || (at(spec, "sampling", "keep", "slowerThan") instanceof String limit
                        && !Durations.parse(limit).orElse(Duration.ZERO).isZero())
                || "HeaderPresent".equals(at(spec, "spans", "create"))
                || (at(spec, "spans", "match") instanceof List<?> match && !match.isEmpty());
    }

    private static @Nullable Object at(Object tree, String... path) {
        Object found = tree;
        for (String name : path) {
            found = found instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return found;
    }

    private static Map.Entry<String, Predicate<Object>> number(String rule, Predicate<BigDecimal> twin) {
        return Map.entry(rule, value -> twin.test(new BigDecimal(value.toString())));
    }

    private static Map.Entry<String, Predicate<Object>> text(String rule, Predicate<String> twin) {
        return Map.entry(rule, value -> twin.test((String) value));
    }

    private static Map.Entry<String, Predicate<Object>> list(String rule, Predicate<List<?>> twin) {
        return Map.entry(rule, value -> twin.test((List<?>) value));
    }
}
