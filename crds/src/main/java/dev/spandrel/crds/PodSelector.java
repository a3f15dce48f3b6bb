package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A label selector as everywhere in Kubernetes: all parts must hold. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodSelector(
        @JsonPropertyDescription(
                "Labels that a pod must carry with exactly these values. On a host without Kubernetes the labels of a local workload are "
                        + "cgroup, exe, container and unit.")
        @Nullable
        Map<String, String> matchLabels,

        @JsonPropertyDescription("Further requirements on labels; all of them must hold.") @Size(max = 32) @Nullable
        List<Requirement> matchExpressions) {

    public boolean selectsAll() {
        return (matchLabels == null || matchLabels.isEmpty())
                && (matchExpressions == null || matchExpressions.isEmpty());
    }

    /** One requirement on one label. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = Rules.SELECTOR_VALUES,
            message = "In and NotIn need values; Exists and DoesNotExist must have none")
    public record Requirement(
            @JsonPropertyDescription("The label's key.") @Required @Size(min = 1, max = 317)
            String key,

            @JsonPropertyDescription(
                    "In: the label's value is one of values. NotIn: it is not one of them, or the label is absent. Exists: the label is "
                            + "there. DoesNotExist: it is not.")
            @Required
            Operator operator,

            @JsonPropertyDescription("The values that In and NotIn compare with.") @Size(max = 64) @Nullable
            List<String> values) {}

    /** Spelt as in YAML. */
    public enum Operator {
        In,
        NotIn,
        Exists,
        DoesNotExist
    }
}
