package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user asks for. Absent fields are null. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = Rules.CHANCE_ALONE,
        message =
                "decideBy: Chance decides before a request is read, so it does not go together with metrics.enabled: true, honorParent: true, "
                        + "keep.errors: true, keep.slowerThan, spans.create: HeaderPresent or spans.match; leave these out, or let TraceId decide")
public record TracePolicySpec(
        @JsonPropertyDescription(
                "Which pods of the policy's namespace it applies to. Absent or empty: the whole namespace. In the root namespace "
                        + "(spandrel-system unless configured otherwise) a policy applies to the whole cluster. A policy with a selector "
                        + "overrides one for the namespace, and that one overrides the root namespace's: field by field, so what a policy "
                        + "leaves out comes from the next wider one, and from the default only where none says anything. Where two policies "
                        + "of the same width select one pod and set the same field, the older one's value holds, and the other's condition Conflicted "
                        + "names the older one and the field.")
        @Nullable
        PodSelector podSelector,

        @JsonPropertyDescription(
                "False switches tracing off for what is selected, whatever wider policies say. Default, if no wider policy sets it: true.")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription(
                "Which protocols are traced, in plain text and through the TLS libraries that the node's agent reads. Default, if no wider policy sets it: all that "
                        + "it knows, but those that need a name: OPENSEARCH, and GRAPHQL and JSONRPC, for which the first bytes of HTTP's bodies are read.")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.NOT_EMPTY,
                message = "protocols must name at least one protocol; leave it out to trace all, or set enabled: false")
        @Nullable
        List<String> protocols,

        @JsonPropertyDescription(
                "Server: requests that the pod answers become SERVER spans. Client: requests that it sends become CLIENT spans. Default, "
                        + "if no wider policy sets it: both.")
        @Size(max = 2)
        @ValidationRule(
                value = Rules.NOT_EMPTY,
                message = "roles must name Server, Client or both; leave it out for both, or set enabled: false")
        @Nullable
        List<Role> roles,

        @JsonPropertyDescription(
                "Only requests on these ports are traced and counted: those that the pod answers on a port of its own, and those that it sends to "
                        + "a port of another, which is the one its socket is connected to: that of a Service, or the pod's behind it where the cluster "
                        + "balances at connect. At most 8. Default, if no wider policy sets it: every port.")
        @Size(max = 8)
        @ValidationRule(
                value = Rules.NOT_EMPTY,
                message = "ports must name at least one port; leave it out to trace all, or set enabled: false")
        @Nullable
        List<Ports> ports,

        @JsonPropertyDescription(
                "Which of the requests that may become spans (spans.create) are kept. Decided in the kernel when the answer is complete: kept is a "
                        + "request whose trace is in the share of percent or, if it carries a traceparent and honorParent holds, whose sampled flag is "
                        + "set; in addition what keep and spans.match name; and of all these at most maxSpansPerSecond. Metrics count every request, "
                        + "kept or not. Under decideBy: Chance percent, maxSpansPerSecond and luck are all there is. For instance percent: 1 with keep: {errors: true, slowerThan: 1s} keeps one trace in a hundred, every failure and "
                        + "every request of a second or more.")
        @Nullable
        Sampling sampling,

        @JsonPropertyDescription("Which requests may become spans at all, and what the spans carry.") @Nullable
        Spans spans,

        @JsonPropertyDescription("Request metrics, counted exactly in the kernel.") @Nullable
        Metrics metrics,

        @JsonPropertyDescription(
                "The policy ends by itself so long after it was last changed: 30m, 2h, 1h30m; 1s to 720h. Its time is that of the latest entry in "
                        + "metadata.managedFields that sets a field of the spec; of a file, the time it was written. When it is over the policy has no "
                        + "effect, as if it were not there; status.expiresAt says when, and the condition Expired that it is. Changing the policy, or "
                        + "deleting it and applying it anew, starts it again. Not inherited. Default: it does not end.")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.DURATION,
                message =
                        "expiresAfter must be a duration of whole hours, minutes, seconds and milliseconds in this order, e.g. 30m, 2h or 1h30m")
        @ValidationRule(value = Rules.EXPIRY_LIMIT, message = "expiresAfter must be between 1s and 720h (30 days)")
        @Nullable
        String expiresAfter) {

    public static final TracePolicySpec EMPTY =
            new TracePolicySpec(null, null, null, null, null, null, null, null, null);

    /** Spelt as in YAML. */
    public enum Role {
        Server,
        Client
    }

    /** Whether requests are counted. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Metrics(
            @JsonPropertyDescription(
                    "False stops counting the selected requests: of these pods there are no durations, as http.server.request.duration and "
                            + "db.client.operation.duration. Neither are they counted where sampling.decideBy is Chance. Default, if no wider policy sets it: true.")
            @Nullable
            Boolean enabled) {}
}
