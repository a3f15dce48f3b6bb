package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the nodes acknowledged and report. Written by the operator only. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProbeSetStatus(
        @JsonPropertyDescription("The metadata.generation that this status was made from.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted: every program can be read and, as far as nodes have answered, means something in their kernels (else reason Invalid or Rejected). Programmed: it "
                        + "is attached on every node that it is for (else NodesPending, Rejected, OverBudget or AgentTooOld). Ready: both. Reconciling, Stalled and Expired as in a TracePolicy.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("When the set ends by itself, or ended, because of expiresAfter.") @Nullable
        String expiresAt,

        @JsonPropertyDescription("How many scheduled, unfinished pods it selects.") @Nullable
        Integer selectedPods,

        @JsonPropertyDescription("How far the nodes are.") @Nullable
        Nodes nodes,

        @JsonPropertyDescription("Each probe, in the order of the spec.") @Nullable
        List<ProbeState> probes,

        @JsonPropertyDescription(
                "Hash of the programs that nodes have checked and none has refused: only then are they attached anywhere.")
        @Nullable
        String checkedHash) {

    /** Counts of nodes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Nodes(
            @JsonPropertyDescription("Nodes that it is for.")
            int desired,

            @JsonPropertyDescription("Of these, nodes on which all probes are attached.")
            int programmed,

            @JsonPropertyDescription("Of these, nodes that refused a probe.")
            int rejected,

            @JsonPropertyDescription("programmed/desired, for people.")
            String summary) {}

    /** One probe on all nodes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProbeState(
            @JsonPropertyDescription("Its name.") @Required String name,

            @JsonPropertyDescription("On how many nodes it is attached.")
            int nodes,

            @JsonPropertyDescription("Records that it sent, on all nodes since it was attached.")
            long events,

            @JsonPropertyDescription(
                    "What was lost: records over eventsPerSecond, records that nobody read in time, and what found a map full.")
            long lost,

            @JsonPropertyDescription(
                    "Share of one CPU that it took last, on the node where it took most; absent where it was not measured.")
            @Nullable
            String cpu,

            @JsonPropertyDescription("On how many nodes it was stopped because it took more than its limits allow.")
            int stopped,

            @JsonPropertyDescription("What is wrong with it or was done about it, and on which node.") @Nullable
            String message,

            @JsonPropertyDescription("What is wrong with its program, and where.") @Nullable
            List<ProgramError> errors) {}

    /** A place in a program and what is wrong there. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProgramError(
            @JsonPropertyDescription("From 1; 0 where it is about the whole.")
            int line,

            @JsonPropertyDescription("From 1; 0 where it is about the whole.")
            int column,

            @JsonPropertyDescription("What is wrong.") String message) {}
}
