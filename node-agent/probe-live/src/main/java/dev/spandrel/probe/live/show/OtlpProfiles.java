package dev.spandrel.probe.live.show;

import dev.spandrel.probe.live.profile.Dictionary;
import dev.spandrel.probe.live.profile.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Profiles as OTLP in JSON, the signal in development: fields as {@code opentelemetry.proto.profiles.v1development} names them. */
final class OtlpProfiles {
    private OtlpProfiles() {}

    /** @param started and {@code now}: nanoseconds since 1970 */
    static Map<String, Object> profile(Profile profile, Dictionary dictionary, long started, long now) {
        var all = new LinkedHashMap<String, Object>();
        all.put(
                "sampleType",
                Map.of(
                        "typeStrindex", dictionary.string(profile.type()),
                        "unitStrindex", dictionary.string(profile.unit())));
        all.put(
                "samples",
                dictionary.samples(profile).stream().map(OtlpProfiles::sample).toList());
        all.put("timeUnixNano", Long.toString(started));
        all.put("durationNano", Long.toString(now - started));
        return all;
    }

    private static Map<String, Object> sample(Dictionary.Sample sample) {
        return Map.of(
                "stackIndex", sample.stack(),
                "values", List.of(Long.toString(sample.value())),
                "attributeIndices", sample.attributes(),
                "linkIndex", sample.link());
    }

    static Map<String, Object> tables(Dictionary dictionary) {
        var all = new LinkedHashMap<String, Object>();
        all.put("mappingTable", table(dictionary.mappings(), mapping -> Map.of("filenameStrindex", mapping.file())));
        all.put("locationTable", table(dictionary.locations(), OtlpProfiles::location));
        all.put("functionTable", table(dictionary.functions(), function -> Map.of("nameStrindex", function.name())));
        all.put(
                "linkTable",
                table(dictionary.links(), link -> Map.of("traceId", link.traceId(), "spanId", link.spanId())));
        all.put("stringTable", dictionary.strings());
        all.put(
                "attributeTable",
                table(
                        dictionary.attributes(),
                        one -> Map.of("keyStrindex", one.key(), "value", OtlpPoints.value(one.value()))));
        all.put("stackTable", table(dictionary.stacks(), stack -> Map.of("locationIndices", stack.locations())));
        return all;
    }

    private static Map<String, Object> location(Dictionary.Location location) {
        var all = new LinkedHashMap<String, Object>();
        all.put("mappingIndex", location.mapping());
        all.put("address", Long.toUnsignedString(location.address()));
        if (location.function() != 0) all.put("lines", List.of(Map.of("functionIndex", location.function())));
        if (location.type() != 0) all.put("attributeIndices", List.of(location.type()));
        return all;
    }

    /** The first is one without fields. */
    private static <T> List<Map<String, Object>> table(List<T> rows, Function<T, Map<String, Object>> row) {
        return Stream.concat(
                        Stream.of(Map.<String, Object>of()),
                        rows.stream().skip(1).map(row))
                .collect(Collectors.toList());
    }
}
