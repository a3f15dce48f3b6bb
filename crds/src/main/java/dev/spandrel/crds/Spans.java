package dev.spandrel.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which requests may become spans, and what the spans carry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Spans(
        @JsonPropertyDescription(
                "Always: every selected request may become a span. HeaderPresent: only a request that carries one of headers or meets one of "
                        + "match. Never: none does, whatever match, sampling and keep say; requests are still counted in the metrics. Default, if no "
                        + "wider policy sets it: Always.")
        @Nullable
        Create create,

        @JsonPropertyDescription(
                "With create: HeaderPresent, the request headers of which one must be there. Case does not matter; at most 8. Default, if no "
                        + "wider policy sets it: traceparent, b3, x-amzn-trace-id, uber-trace-id.")
        @Size(max = 8)
        @ValidationRule(
                value = Rules.HEADER_NAMES,
                message = "headers must be HTTP header names: letters, digits and !#$%&'*+-.^_`|~")
        @Nullable
        List<String> headers,

        @JsonPropertyDescription(
                "A request that carries one of these headers with this value is made a span and kept, whatever sampling says and also under "
                        + "create: HeaderPresent; not under create: Never. At most 8. Default, if no wider policy sets it: none.")
        @Size(max = 8)
        @Nullable
        List<Match> match,

        @JsonPropertyDescription("What the spans carry beyond OpenTelemetry's conventions.") @Nullable
        Attributes attributes,

        @JsonPropertyDescription(
                "How far into a request's header block the kernel looks for headers and match, in bytes, 256 to 4096. Less is cheaper for "
                        + "requests with long header blocks. Default, if no wider policy sets it: 4096.")
        @ValidationRule(value = Rules.SEARCH_BYTES, message = "searchBytes must be between 256 and 4096")
        @Nullable
        Integer searchBytes) {

    /** Spelt as in YAML. */
    public enum Create {
        Always,
        HeaderPresent,
        Never
    }

    /** A header that makes a span. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Match(
            @JsonPropertyDescription("The header's name. Case does not matter; at most 40 bytes.")
            @Required
            @Size(max = 40)
            @ValidationRule(
                    value = Rules.HEADER_NAME,
                    message = "name must be an HTTP header name: letters, digits and !#$%&'*+-.^_`|~")
            String name,

            @JsonPropertyDescription(
                    "The header's exact value, white space around it not counted; at most 80 bytes. Absent: any value.")
            @Size(max = 80)
            @ValidationRule(value = Rules.VALUE_BYTES, message = "value must not be longer than 80 bytes")
            @ValidationRule(
                    value = Rules.VALUE_TEXT,
                    message = "value must not hold control characters, nor begin or end with white space")
            @Nullable
            String value) {}

    /** Additional span attributes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Attributes(
            @JsonPropertyDescription(
                    "Request headers whose values become attributes http.request.header.<name>. At most 16; headers that carry credentials are "
                            + "refused. Default, if no wider policy sets it: none.")
            @Size(max = 16)
            @ValidationRule(
                    value = Rules.HEADER_NAMES,
                    message = "requestHeaders must be HTTP header names: letters, digits and !#$%&'*+-.^_`|~")
            @ValidationRule(
                    value = Rules.NO_SECRETS,
                    message =
                            "requestHeaders must not name a header that carries credentials: authorization, proxy-authorization, cookie, "
                                    + "set-cookie, x-api-key")
            @Nullable
            List<String> requestHeaders,

            @JsonPropertyDescription(
                    "Only in the root namespace: the request headers that any policy may capture of the pods that this policy selects. What else "
                            + "requestHeaders asks for is left out, and the status of the policy that asked says so. Empty: none. At most 64. A policy "
                            + "that sets nothing else traces nothing by itself. Default, if no policy of the root namespace sets it: all but those that "
                            + "carry credentials.")
            @Size(max = 64)
            @ValidationRule(
                    value = Rules.HEADER_NAMES,
                    message = "allowedRequestHeaders must be HTTP header names: letters, digits and !#$%&'*+-.^_`|~")
            @Nullable
            List<String> allowedRequestHeaders) {}
}
