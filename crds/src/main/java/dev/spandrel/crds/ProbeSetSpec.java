package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user asks for. Absent fields are null. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProbeSetSpec(
        @JsonPropertyDescription(
                "Whose processes the probes see: those of these pods of the set's namespace, decided in the kernel. Absent or empty: of all its pods. "
                        + "In the root namespace (spandrel-system unless configured otherwise): of pods of the whole cluster.")
        @Nullable
        PodSelector podSelector,

        @JsonPropertyDescription(
                "On which nodes, by their labels. Without podSelector the probes then see all that happens there, also outside of pods; {} is every node. Only in "
                        + "the root namespace. Absent: on all nodes that run selected pods.")
        @Nullable
        PodSelector nodeSelector,

        @JsonPropertyDescription("The programs. Each runs, is limited and fails by itself.")
        @Required
        @Size(min = 1, max = 16)
        List<Probe> probes,

        @JsonPropertyDescription("False detaches everything, and keeps the set as it is written. Default: true.")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription(
                "The set ends by itself so long after it was last changed: 30m, 2h, 1h30m; 1s to 720h. As in a TracePolicy. Default: it does not end.")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.DURATION,
                message =
                        "expiresAfter must be a duration of whole hours, minutes, seconds and milliseconds in this order, e.g. 30m, 2h or 1h30m")
        @ValidationRule(value = Rules.EXPIRY_LIMIT, message = "expiresAfter must be between 1s and 720h (30 days)")
        @Nullable
        String expiresAfter) {}
