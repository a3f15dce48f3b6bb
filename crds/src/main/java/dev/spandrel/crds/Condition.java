package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A condition as the Kubernetes API conventions define it, with its types and reasons as types. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @JsonPropertyDescription(
                "Accepted, Programmed and Ready are always there; Conflicted, Expired, Reconciling and Stalled only while they hold.")
        @Required
        Type type,

        @JsonPropertyDescription("True, False or Unknown.") @Required
        Status status,

        @JsonPropertyDescription("Why, in one word for programs.") @Required
        Reason reason,

        @JsonPropertyDescription("Why, in a sentence for people.") @Required
        String message,

        @JsonPropertyDescription("The metadata.generation that this condition was made from.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When status last changed.") @Required
        String lastTransitionTime) {

    /** Spelt as in YAML. */
    public enum Type {
        Accepted,
        Programmed,
        Ready,
        /** There only while it holds: an older policy of the same width sets the same field to something else. */
        Conflicted,
        /** There only once it holds: the time that expiresAfter gave is over. */
        Expired,
        /** There only while it holds: it is on its way. With {@link #Stalled} what kstatus, and so Flux and others, judge by. */
        Reconciling,
        /** There only while it holds: it does not get there by itself, somebody has to change something. */
        Stalled
    }

    /** Spelt as in YAML. */
    public enum Status {
        True,
        False,
        Unknown
    }

    /** Spelt as in YAML. */
    public enum Reason {
        /** Its time is over; nothing is left to do. Reason of all conditions then. */
        Expired,
        /** Accepted: valid, and in force wherever it selects something. */
        Accepted,
        /** Accepted, but the cluster level does not allow all request headers that it asks for. */
        Fenced,
        /** Not accepted: older policies of the same width set all that it sets. */
        Conflicted,
        /** Conflicted: the older one's value holds. */
        OlderWins,
        /** Not accepted: the spec breaks a rule. */
        Invalid,
        /** Programmed: every node acknowledged. */
        Programmed,
        /** Programmed: there is nothing to do. */
        NothingSelected,
        /** Not programmed: nodes have not acknowledged yet, or no agent is connected there. */
        NodesPending,
        /** Not programmed: nodes' kernels had lost it, and it was only just written anew. */
        Drifted,
        /** Not programmed: nodes' agents do not know all that it sets; the rest is in force. */
        AgentTooOld,
        /** Not programmed: nodes could not apply it. Of a ProbeSet also: not accepted, its programs do not fit the nodes' kernels. */
        Rejected,
        /** Not programmed: probes were stopped because they took more than their limits allow. */
        OverBudget,
        /** Programmed: switched off, and so detached everywhere. */
        Disabled,
        /** Not programmed: the policy was not accepted. */
        NotAccepted,
        /** Ready: accepted and programmed. */
        Ready,
        /** Not ready: see the other conditions. */
        NotReady
    }
}
