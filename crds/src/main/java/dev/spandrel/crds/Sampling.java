package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Which eligible requests are kept. The decision falls in the kernel; what is not kept is never copied to user space. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sampling(
        @JsonPropertyDescription(
                "Share of traces to keep, 0 to 100, with up to four decimals. Unless decideBy says otherwise it is decided by the trace id, so that every service with the "
                        + "same or a higher share keeps the same traces (OpenTelemetry consistent probability sampling). Default, if no wider "
                        + "policy sets it: 100.")
        @ValidationRule(value = Rules.PERCENT_RANGE, message = "percent must be between 0 and 100")
        @ValidationRule(value = Rules.PERCENT_DIGITS, message = "percent has at most four decimals, e.g. 0.0125")
        @Nullable
        Double percent,

        @JsonPropertyDescription(
                "TraceId: percent is a share of traces; services keep the same ones, and whatever else the policy asks of a request is looked at. "
                        + "Chance: percent is a share of requests, and each is kept or not by luck alone before a byte of it is read: the least that "
                        + "sampling can cost. Nothing else is asked of a request then, whatever this policy and wider ones say: requests are not counted "
                        + "(metrics are off), and honorParent, keep, spans.create: HeaderPresent, spans.headers and spans.match do not apply. Two services do not "
                        + "keep the same traces, and what a thread asks of others is not linked to what it answers; a request that is kept stays in "
                        + "the trace of its own traceparent. spans.create: Never, maxSpansPerSecond, roles and attributes apply. A narrower policy that "
                        + "asks more of requests sets decideBy: TraceId. Default, if no wider policy sets it: TraceId.")
        @Nullable
        DecideBy decideBy,

        @JsonPropertyDescription(
                "A request that carries a traceparent is kept if and only if its sampled flag is set; percent then decides only about traces "
                        + "that begin here. Default, if no wider policy sets it: true.")
        @Nullable
        Boolean honorParent,

        @JsonPropertyDescription(
                "Most spans that this policy may create per second on each node; more are dropped and counted as rate_limited. 0: no limit. "
                        + "A policy that inherits the limit has a budget of its own. Default, if no wider policy sets it: 0.")
        @ValidationRule(
                value = Rules.SPANS_PER_SECOND,
                message = "maxSpansPerSecond must be between 0 (no limit) and 1000000")
        @Nullable
        Integer maxSpansPerSecond,

        @JsonPropertyDescription(
                "What is kept in addition, whatever percent and the parent say: errors and slow requests. The decision falls after the answer, "
                        + "so these spans may belong to traces of which no other service kept anything.")
        @Nullable
        Keep keep) {

    /** Spelt as in YAML. */
    public enum DecideBy {
        TraceId,
        Chance
    }

    /** Exceptions to the share. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Keep(
            @JsonPropertyDescription(
                    "Keep every request that failed: a server's answer with status 500 or above, a client's from clientErrorsFrom on, a "
                            + "connection that broke before the answer was whole. Default, if no wider policy sets it: true.")
            @Nullable
            Boolean errors,

            @JsonPropertyDescription(
                    "The lowest status that counts as an error for a client: 400 or 500. Default, if no wider policy sets it: 400.")
            @ValidationRule(value = Rules.CLIENT_ERRORS, message = "clientErrorsFrom must be 400 or 500")
            @Nullable
            Integer clientErrorsFrom,

            @JsonPropertyDescription(
                    "Keep every request that took at least this long, from its first byte to the answer's last: 250ms, 1s, 1m30s; at most 1h. 0s "
                            + "switches an inherited limit off. Default: no request is kept for being slow.")
            @Size(max = 32)
            @ValidationRule(
                    value = Rules.DURATION,
                    message =
                            "slowerThan must be a duration of whole hours, minutes, seconds and milliseconds in this order, e.g. 250ms, 1s or 1m30s")
            @ValidationRule(value = Rules.DURATION_LIMIT, message = "slowerThan must not be longer than 1h")
            @Nullable
            String slowerThan) {}
}
