package dev.spandrel.probe.live.show;

import dev.spandrel.probe.live.profile.Frame;
import dev.spandrel.probe.live.profile.Site;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Keys that have a stack in them, as places of a profile. */
public final class Sites {
    private final Values values;
    private final List<Type> types;
    private final List<String> names;

    /**
     * @param types of the parts of keys
     * @param names of the parts, as far as they have any
     */
    public Sites(Values values, List<Type> types, List<String> names) {
        this.values = values;
        this.types = List.copyOf(types);
        this.names = List.copyOf(names);
    }

    /** Whether what a map gathers is a profile: numbers that add up, by stack. */
    public static boolean has(MapSpec.Shape shape) {
        return (shape.value() instanceof Aggregate.Count || shape.value() instanceof Aggregate.Sum)
                && shape.keys().stream().anyMatch(Type.Stack.class::isInstance);
    }

    /** What a profile's numbers are in, if nobody says. */
    public static String unit(MapSpec.Shape shape) {
        return shape.value() instanceof Aggregate.Count ? "count" : "1";
    }

    /** The kernel was called by the process: its frames are the inner ones. */
    public Site of(byte[] key) {
        List<Frame> kernel = new ArrayList<>();
        List<Frame> user = new ArrayList<>();
        var attributes = new TreeMap<String, Object>();
        String trace = "";
        String span = "";
        int at = 0;
        for (int i = 0; i < types.size(); i++) {
            switch (types.get(i)) {
                case Type.Stack stack -> (stack.kernel() ? kernel : user).addAll(values.frames(stack, key, at));
                case Type.TraceId id -> trace = values.show(id, key, at, 0);
                case Type.SpanId id -> span = values.show(id, key, at, 0);
                case Type.Int _ -> attributes.put(name(i), Bytes.of(key).getLong(at));
                case Type type ->
                    attributes.put(name(i), values.show(type, key, at, 0).strip());
            }
            at += types.get(i).stored();
        }
        kernel.addAll(user);
        return new Site(kernel, attributes, request(trace, span, attributes));
    }

    /** A link has both ids. */
    private static Optional<Site.Request> request(String trace, String span, TreeMap<String, Object> attributes) {
        if (!trace.isEmpty() && !span.isEmpty()) return Optional.of(new Site.Request(trace, span));
        if (!trace.isEmpty()) attributes.put("trace_id", trace);
        if (!span.isEmpty()) attributes.put("span_id", span);
        return Optional.empty();
    }

    private String name(int part) {
        return part < names.size() ? names.get(part) : "key" + (part + 1);
    }
}
