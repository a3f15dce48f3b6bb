package dev.spandrel.probe.live.show;

import dev.spandrel.probe.format.Format;
import dev.spandrel.probe.live.profile.Dictionary;
import dev.spandrel.probe.live.profile.Profile;
import dev.spandrel.probe.live.profile.Site;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Type;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * OTLP in JSON, a request per line as a collector's file receiver takes them: what is printed are log records, of the trace if a trace id is among
 * the values; maps are metrics, and those of stacks profiles, when the program prints them and at the end.
 */
public final class OtlpOutput implements Report {
    private static final Map<String, Object> SCOPE = Map.of("name", "dev.spandrel.probe");
    private static final int INFO = 9;
    private static final int STACK_INDENT = 0;

    private final PrintStream out;
    private final Values values;
    private final Formatted formatted;
    private final Maps maps;
    private final Map<String, Format> formats = new HashMap<>();
    private final Map<String, Object> resource;
    private final String started = now();

    /** @param service what the records are said to be of */
    public OtlpOutput(PrintStream out, Values values, Maps maps, String service) {
        this.out = out;
        this.values = values;
        this.maps = maps;
        formatted = new Formatted(values);
        resource = Map.of("attributes", List.of(OtlpPoints.attribute("service.name", service)));
    }

    private static String now() {
        var now = Instant.now();
        return Long.toString(now.getEpochSecond() * 1_000_000_000 + now.getNano());
    }

    private void line(String signal, String scope, String records, Object record) {
        out.println(Json.of(Map.of(signal, List.of(inResource(scope, records, record)))));
    }

    private Map<String, Object> inResource(String scope, String records, Object record) {
        var inScope = new LinkedHashMap<String, Object>();
        inScope.put("scope", SCOPE);
        inScope.put(records, List.of(record));
        var inResource = new LinkedHashMap<String, Object>();
        inResource.put("resource", resource);
        inResource.put(scope, List.of(inScope));
        return inResource;
    }

    @Override
    public void attaching(int points) {
        log("attached to " + points + (points == 1 ? " point" : " points"), Map.of());
    }

    @Override
    public void lost(long records) {
        log("lost " + records + " records: the ring was full", Map.of());
    }

    private void log(String body, Map<String, Object> context) {
        var record = new LinkedHashMap<String, Object>();
        record.put("timeUnixNano", now());
        record.put("severityNumber", INFO);
        record.put("body", Map.of("stringValue", body.stripTrailing()));
        record.putAll(context);
        line("resourceLogs", "scopeLogs", "logRecords", record);
    }

    @Override
    public void record(Action action, byte[] content) {
        switch (action) {
            case Action.Formatted(var use, var format, var types) -> {
                String text = formatted.show(formats.computeIfAbsent(format, Format::parse), types, content, 8);
                log(
                        switch (use) {
                            case PRINT -> text;
                            case CAT -> Commands.read(text);
                            case SYSTEM -> Commands.run(text);
                        },
                        context(types, content));
            }
            case Action.PrintValue(var types) ->
                log(values.show(types.getFirst(), content, 8, STACK_INDENT), context(types, content));
            case Action.PrintMap(var map, int _, long divisor) -> map(maps.spec(map), Math.max(1, divisor));
            case Action.Time(var format) -> log(new TimeFormat(format).show(Instant.now()), Map.of());
            case Action.Join join -> log(Values.joined(join, content), Map.of());
            case Action.Zero _, Action.Clear _, Action.Exit _ -> {}
        }
    }

    private Map<String, Object> context(List<Type> types, byte[] content) {
        var context = new LinkedHashMap<String, Object>();
        int at = 8;
        for (Type type : types) {
            String shown = type instanceof Type.TraceId || type instanceof Type.SpanId
                    ? values.show(type, content, at, STACK_INDENT)
                    : "";
            if (!shown.isEmpty()) context.put(type instanceof Type.TraceId ? "traceId" : "spanId", shown);
            at += type.stored();
        }
        return context;
    }

    @Override
    public void allMaps() {
        for (var spec : maps.own()) map(spec, 1);
    }

    private void map(MapSpec spec, long divisor) {
        var shape = spec.shape().orElseThrow();
        if (Sites.has(shape)) {
            profile(spec, shape, divisor);
            return;
        }
        var points = new ArrayList<Object>();
        for (var row : MapView.rows(maps, spec, false, values.owners())) {
            var attributes = attributes(shape.keys(), row.key());
            points.add(OtlpPoints.point(shape.value(), row, divisor, attributes, started, now()));
        }
        if (points.isEmpty() || !OtlpPoints.isNumber(shape.value())) return;
        var metric = new LinkedHashMap<String, Object>();
        metric.put("name", name(spec));
        metric.put(OtlpPoints.kind(shape.value()), OtlpPoints.data(shape.value(), points));
        line("resourceMetrics", "scopeMetrics", "metrics", metric);
    }

    private void profile(MapSpec spec, MapSpec.Shape shape, long divisor) {
        var sites = new Sites(
                values,
                shape.keys(),
                IntStream.range(0, shape.keys().size())
                        .mapToObj(i -> name(shape.keys().get(i), i))
                        .toList());
        var samples = new LinkedHashMap<Site, Long>();
        for (var row : MapView.rows(maps, spec, false, values.owners()))
            samples.merge(sites.of(row.key()), row.number() / divisor, Long::sum);
        if (samples.isEmpty()) return;
        var dictionary = new Dictionary();
        var profile = OtlpProfiles.profile(
                new Profile(name(spec), Sites.unit(shape), samples),
                dictionary,
                Long.parseLong(started),
                Long.parseLong(now()));
        var request = new LinkedHashMap<String, Object>();
        request.put("resourceProfiles", List.of(inResource("scopeProfiles", "profiles", profile)));
        request.put("dictionary", OtlpProfiles.tables(dictionary));
        out.println(Json.of(request));
    }

    private static String name(MapSpec spec) {
        return spec.name().equals("@") ? "probe" : spec.name().substring(1);
    }

    private List<Object> attributes(List<Type> keys, byte[] key) {
        var attributes = new ArrayList<Object>();
        int at = 0;
        for (int i = 0; i < keys.size(); i++) {
            var type = keys.get(i);
            Object value = type instanceof Type.Int
                    ? (Object) Bytes.of(key).getLong(at)
                    : values.show(type, key, at, STACK_INDENT).strip();
            attributes.add(OtlpPoints.attribute(name(type, i), value));
            at += type.stored();
        }
        return attributes;
    }

    /** What says itself what it is; keys are numbered otherwise. */
    private static String name(Type type, int index) {
        return switch (type) {
            case Type.Owner owner -> owner.toString();
            case Type.RequestName(boolean route) -> route ? "http.route" : "span.name";
            default -> "key" + (index + 1);
        };
    }
}
