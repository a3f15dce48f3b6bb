package dev.spandrel.policy;

import dev.spandrel.crds.Spans;
import dev.spandrel.crds.TracePolicySpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A trace policy with what decides about its precedence and its end.
 *
 * @param changed when its spec became what it is
 */
public record Policy(Key key, Instant created, Instant changed, TracePolicySpec spec) {
    /** The older first; the name settles what the time does not. */
    static final Comparator<Policy> OLDEST_FIRST =
            Comparator.comparing(Policy::created).thenComparing(Policy::key);

    /** When it ends by itself, if it does. */
    Optional<Instant> expiresAt() {
        return Optional.ofNullable(spec.expiresAfter())
                .flatMap(Durations::parse)
                .map(changed::plus);
    }

    boolean isExpired(Instant at) {
        return expiresAt().filter(end -> !end.isAfter(at)).isPresent();
    }

    /** It asks for nothing to be traced: all it says is what others may capture. */
    boolean isFence() {
        return Field.ALLOWED_REQUEST_HEADERS.in(this) != null
                && Field.ALL.stream()
                        .allMatch(field -> field == Field.ALLOWED_REQUEST_HEADERS || field.in(this) == null);
    }

    /** What its spec sets, by path below {@code spec}; of header values that select requests only the headers' names. */
    public SortedMap<String, String> fields() {
        SortedMap<String, String> fields = new TreeMap<>();
        Field.ALL.forEach(field -> {
            Object value = field.in(this);
            if (value != null) {
                fields.put(field.path(), field == Field.MATCH ? names(Field.MATCH.in(this)) : value.toString());
            }
        });
        if (spec.podSelector() != null) {
            fields.put("podSelector", Selector.text(spec.podSelector()));
        }
        if (spec.expiresAfter() != null) {
            fields.put("expiresAfter", spec.expiresAfter());
        }
        return fields;
    }

    private static String names(List<Spans.Match> matches) {
        return matches.stream().map(Spans.Match::name).toList().toString();
    }

    /** Kubernetes namespace and name. */
    public record Key(String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byNamespace = namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }
}
