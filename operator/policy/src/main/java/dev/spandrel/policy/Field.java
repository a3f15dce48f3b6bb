package dev.spandrel.policy;

import dev.spandrel.crds.Ports;
import dev.spandrel.crds.Sampling;
import dev.spandrel.crds.Sampling.Keep;
import dev.spandrel.crds.Spans;
import dev.spandrel.crds.Spans.Attributes;
import dev.spandrel.crds.TracePolicySpec;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A field that a policy inherits where it leaves it out: the unit of precedence.
 *
 * @param path below {@code spec}, as in YAML
 * @param of null where the spec leaves it out
 */
record Field<T>(String path, Function<TracePolicySpec, @Nullable T> of) {
    static final Field<Boolean> ENABLED = new Field<>("enabled", TracePolicySpec::enabled);
    static final Field<List<String>> PROTOCOLS = new Field<>("protocols", TracePolicySpec::protocols);
    static final Field<List<TracePolicySpec.Role>> ROLES = new Field<>("roles", TracePolicySpec::roles);
    static final Field<List<Ports>> PORTS = new Field<>("ports", TracePolicySpec::ports);
    static final Field<Double> PERCENT = sampling("percent", Sampling::percent);
    static final Field<Sampling.DecideBy> DECIDE_BY = sampling("decideBy", Sampling::decideBy);
    static final Field<Boolean> HONOR_PARENT = sampling("honorParent", Sampling::honorParent);
    static final Field<Integer> MAX_SPANS_PER_SECOND = sampling("maxSpansPerSecond", Sampling::maxSpansPerSecond);
    static final Field<Boolean> KEEP_ERRORS = keep("errors", Keep::errors);
    static final Field<Integer> CLIENT_ERRORS_FROM = keep("clientErrorsFrom", Keep::clientErrorsFrom);
    static final Field<String> SLOWER_THAN = keep("slowerThan", Keep::slowerThan);
    static final Field<Spans.Create> CREATE = spans("create", Spans::create);
    static final Field<List<String>> HEADERS = spans("headers", Spans::headers);
    static final Field<List<Spans.Match>> MATCH = spans("match", Spans::match);
    static final Field<List<String>> REQUEST_HEADERS = attributes("requestHeaders", Attributes::requestHeaders);
    /** Of the root namespace alone. */
    static final Field<List<String>> ALLOWED_REQUEST_HEADERS =
            attributes("allowedRequestHeaders", Attributes::allowedRequestHeaders);

    static final Field<Integer> SEARCH_BYTES = spans("searchBytes", Spans::searchBytes);
    static final Field<Boolean> METRICS = new Field<>(
            "metrics.enabled",
            spec -> spec.metrics() == null ? null : spec.metrics().enabled());

    static final List<Field<?>> ALL = List.of(
            ENABLED,
            PROTOCOLS,
            ROLES,
            PORTS,
            PERCENT,
            DECIDE_BY,
            HONOR_PARENT,
            MAX_SPANS_PER_SECOND,
            KEEP_ERRORS,
            CLIENT_ERRORS_FROM,
            SLOWER_THAN,
            CREATE,
            HEADERS,
            MATCH,
            REQUEST_HEADERS,
            ALLOWED_REQUEST_HEADERS,
            SEARCH_BYTES,
            METRICS);

    @Nullable
    T in(Policy policy) {
        return of.apply(policy.spec());
    }

    private static <T> Field<T> sampling(String name, Function<Sampling, @Nullable T> of) {
        return new Field<>("sampling." + name, spec -> spec.sampling() == null ? null : of.apply(spec.sampling()));
    }

    private static <T> Field<T> keep(String name, Function<Keep, @Nullable T> of) {
        return sampling("keep." + name, sampling -> sampling.keep() == null ? null : of.apply(sampling.keep()));
    }

    private static <T> Field<T> attributes(String name, Function<Attributes, @Nullable T> of) {
        return spans("attributes." + name, spans -> spans.attributes() == null ? null : of.apply(spans.attributes()));
    }

    private static <T> Field<T> spans(String name, Function<Spans, @Nullable T> of) {
        return new Field<>("spans." + name, spec -> spec.spans() == null ? null : of.apply(spec.spans()));
    }
}
