package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One port or a range of them, as in a NetworkPolicy. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.PORT_ORDER, message = "endPort must not be lower than port")
public record Ports(
        @JsonPropertyDescription("The port, or the first of a range; 1 to 65535.")
        @Required
        @ValidationRule(value = Rules.PORT, message = "port must be between 1 and 65535")
        Integer port,

        @JsonPropertyDescription("The last port of a range. Absent: port alone.")
        @ValidationRule(value = Rules.PORT, message = "endPort must be between 1 and 65535")
        @Nullable
        Integer endPort) {}
