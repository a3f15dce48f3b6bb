package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the nodes acknowledged. Written by the operator only. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TracePolicyStatus(
        @JsonPropertyDescription("The metadata.generation that this status was made from.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted: the policy is valid, and something of it is in force where it selects pods (else reason Invalid or Conflicted). "
                        + "Programmed: every node with selected pods has it in its kernel (else reason NodesPending or Rejected). Ready: both. "
                        + "Conflicted, only while it holds: older policies of the same width set the same fields to something else; the message "
                        + "names them and the fields. Expired, only once it holds: the time that expiresAfter gave is over; nothing is left to do, so the "
                        + "others stay True.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("When the policy ends by itself, or ended, because of expiresAfter.") @Nullable
        String expiresAt,

        @JsonPropertyDescription("How many scheduled, unfinished pods the policy selects and is in force for.")
        @Nullable
        Integer selectedPods,

        @JsonPropertyDescription("How far the nodes are.") @Nullable
        Nodes nodes,

        @JsonPropertyDescription(
                "Hash of what the nodes are to do because of this policy: equal hashes, equal behaviour.")
        @Nullable
        String configHash) {

    /** Counts of nodes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Nodes(
            @JsonPropertyDescription("Nodes that run selected pods.")
            int desired,

            @JsonPropertyDescription("Of these, nodes that acknowledged the current configuration in full.")
            int programmed,

            @JsonPropertyDescription("Of these, nodes that could not apply a part of it.")
            int rejected,

            @JsonPropertyDescription("programmed/desired, for people.")
            String summary) {

        public static Nodes of(int desired, int programmed, int rejected) {
            return new Nodes(desired, programmed, rejected, programmed + "/" + desired);
        }
    }
}
