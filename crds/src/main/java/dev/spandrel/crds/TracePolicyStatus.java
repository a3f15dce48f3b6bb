package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the nodes acknowledged. Written by the operator only. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TracePolicyStatus(
        @JsonPropertyDescription("The metadata.generation that this status was made from.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted: the policy is valid, and something of it is in force where it selects pods (else reason Invalid or Conflicted). "
                        + "Programmed: every node with selected pods has it in its kernel (else reason NodesPending, Rejected or Drifted). Ready: both. "
                        + "Conflicted, only while it holds: older policies of the same width set the same fields to something else; the message "
                        + "names them and the fields. Reconciling, only while nodes have yet to answer. Stalled, only while it does not get there by itself: invalid, "
                        + "without effect, or rejected by nodes. Expired, only once it holds: the time that expiresAfter gave is over; nothing is left to do, so the "
                        + "others stay True.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("When the policy ends by itself, or ended, because of expiresAfter.") @Nullable
        String expiresAt,

        @JsonPropertyDescription("How many scheduled, unfinished pods the policy selects and is in force for.")
        @Nullable
        Integer selectedPods,

        @JsonPropertyDescription(
                "Share of traces that is kept in these pods, after all that they inherit: 10%; 1–100% where they differ; off where tracing is "
                        + "switched off; no spans where requests are only counted; expired once the policy has ended. It says nothing of what is kept in "
                        + "addition (sampling.keep, spans.match), nor of spans.create and sampling.maxSpansPerSecond.")
        @Nullable
        String sampling,

        @JsonPropertyDescription("How far the nodes are.") @Nullable
        Nodes nodes,

        @JsonPropertyDescription(
                "Hash of what of this policy holds on the selected pods: what other policies say of the same pods is not in it.")
        @Nullable
        String configHash) {

    /** Counts of nodes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Nodes(
            @JsonPropertyDescription("Nodes that run selected pods.")
            int desired,

            @JsonPropertyDescription("Of these, nodes that acknowledged the current configuration in full.")
            int programmed,

            @JsonPropertyDescription("Of these, nodes that could not apply a part of it.")
            int rejected,

            @JsonPropertyDescription("programmed/desired, for people.")
            String summary,

            @JsonPropertyDescription(
                    "How many of these nodes trace by which kernel backend: socklen (Linux 6.3 and newer) or sysexit.")
            @Nullable
            Map<String, Integer> backends,

            @JsonPropertyDescription("Of these, nodes whose agent has lost something since it started; see lost.")
            int losing,

            @JsonPropertyDescription(
                    "What the agents of these nodes have lost since they started, by reason. Losses are counted per node and not per policy: other "
                            + "policies' requests on these nodes are in it. Looked at every 30 seconds.")
            @Nullable
            Map<String, Long> lost) {

        /** Empty maps are left out. */
        public static Nodes of(
                int desired,
                int programmed,
                int rejected,
                Map<String, Integer> backends,
                int losing,
                Map<String, Long> lost) {
            return new Nodes(
                    desired,
                    programmed,
                    rejected,
                    programmed + "/" + desired,
                    backends.isEmpty() ? null : Map.copyOf(backends),
                    losing,
                    lost.isEmpty() ? null : Map.copyOf(lost));
        }
    }
}
