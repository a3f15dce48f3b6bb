package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One program. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = Rules.PROGRAM_OR_OBJECT,
        message = "a probe is either a program or an object: set exactly one of them")
public record Probe(
        @JsonPropertyDescription(
                "Unique in the set; lower-case letters, digits and dashes. Metrics are called by it unless export says otherwise.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = Rules.PROBE_NAME,
                message = "a probe's name has lower-case letters, digits and dashes, and begins with a letter")
        String name,

        @JsonPropertyDescription(
                "A program in bpftrace's language. What it gathers in maps (count, sum, avg, stats, min, max, hist, lhist) becomes metrics, other maps do where it "
                        + "prints them; what it prints becomes log records.")
        @Size(min = 1, max = 65536)
        @Nullable
        String program,

        @JsonPropertyDescription(
                "A compiled BPF object instead of a program: tracepoints, raw and typed ones, and maps called otel_NAME that become metrics.")
        @Nullable
        ObjectSource object,

        @JsonPropertyDescription("What the program's $1, $2 and so on stand for.") @Size(max = 16) @Nullable
        List<String> parameters,

        @JsonPropertyDescription("What the probe may cost on each node.") @Nullable
        Limits limits,

        @JsonPropertyDescription("What its metrics are called.") @Nullable
        Export export) {

    /** Where a BPF object is. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ObjectSource(
            @JsonPropertyDescription(
                    "In a ConfigMap of the set's namespace that has the label spandrel.dev/bpf-objects: \"true\", under binaryData.")
            @Required
            ConfigMapKey configMap) {}

    /** One entry of a ConfigMap. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConfigMapKey(
            @JsonPropertyDescription("The ConfigMap's name.") @Required @Size(min = 1, max = 253)
            String name,

            @JsonPropertyDescription("The entry's name.") @Required @Size(min = 1, max = 253)
            String key) {}

    /** What a probe may cost. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @JsonPropertyDescription(
                    "Share of one CPU that its BPF programs may take on a node, by the kernel's own statistics of run time. A probe that takes more over several "
                            + "seconds is stopped there, and the status says so. Default: 1%.")
            @Size(max = 8)
            @ValidationRule(
                    value = Rules.CPU_SHARE,
                    message = "cpu must be a share of one CPU above 0% and up to 100%, e.g. 0.5%")
            @Nullable
            String cpu,

            @JsonPropertyDescription(
                    "Memory that its maps may take on a node. Maps get as few keys as it needs to stay below; a program that does not fit at all is rejected. Default: 8Mi.")
            @Size(max = 12)
            @ValidationRule(
                    value = Rules.MEMORY,
                    message = "mapMemory must be a whole number of Ki, Mi or Gi, e.g. 8Mi")
            @Nullable
            String mapMemory,

            @JsonPropertyDescription(
                    "Records (printf, print, time and the like) that it may send per second on a node. What comes above is dropped and counted as lost. Default: 1000.")
            @ValidationRule(value = Rules.EVENTS_PER_SECOND, message = "eventsPerSecond must be between 1 and 100000")
            @Nullable
            Integer eventsPerSecond) {}

    /** Names for what leaves. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Export(
            @JsonPropertyDescription(
                    "The metric's name. With several maps, each map's name follows a dot. Default: the probe's name and the map's, with a dot in between.")
            @Size(min = 1, max = 255)
            @ValidationRule(
                    value = Rules.METRIC_NAME,
                    message = "a metric's name begins with a letter and has letters, digits and _.-/ only")
            @Nullable
            String as,

            @JsonPropertyDescription("The metric's unit in UCUM, e.g. ns, By, {call}.") @Size(max = 63) @Nullable
            String unit,

            @JsonPropertyDescription("What the metric means.") @Size(max = 1024) @Nullable
            String description,

            @JsonPropertyDescription(
                    "Attribute names of the parts of the maps' keys, in order. Default: what the program calls them (comm, args.filename), else key1, key2.")
            @Size(max = 16)
            @Nullable
            List<String> attributes) {}
}
