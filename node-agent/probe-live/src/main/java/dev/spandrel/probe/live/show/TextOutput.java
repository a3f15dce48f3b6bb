package dev.spandrel.probe.live.show;

import dev.spandrel.probe.format.Format;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what bpftrace writes. */
public final class TextOutput implements Report {
    private static final int STACK_INDENT = 4;

    private final PrintStream out;
    private final Values values;
    private final Formatted formatted;
    private final Maps maps;
    private final Map<String, Format> formats = new HashMap<>();
    private final Set<String> zeroed = new HashSet<>();

    public TextOutput(PrintStream out, Values values, Maps maps) {
        this.out = out;
        this.values = values;
        this.maps = maps;
        formatted = new Formatted(values);
    }

    @Override
    public void record(Action action, byte[] content) {
        switch (action) {
            case Action.Formatted(var use, var format, var types) -> formatted(use, format, types, content);
            case Action.PrintValue(var types) -> out.println(values.show(types.getFirst(), content, 8, 8));
            case Action.PrintMap(var map, int top, long divisor) -> map(maps.spec(map), top, divisor);
            case Action.Time(var format) -> out.print(new TimeFormat(format).show(Instant.now()));
            case Action.Join join -> out.println(Values.joined(join, content));
            case Action.Zero(var map) -> zeroed.add(map);
            case Action.Clear(var map) -> zeroed.remove(map);
            case Action.Exit _ -> {}
        }
    }

    private void formatted(Action.Formatted.Use use, String format, List<Type> types, byte[] content) {
        String text = formatted.show(formats.computeIfAbsent(format, Format::parse), types, content, 8);
        switch (use) {
            case PRINT -> out.print(text);
            case CAT -> out.print(Commands.read(text));
            case SYSTEM -> out.print(Commands.run(text));
        }
    }

    @Override
    public void attaching(int points) {
        out.println("Attaching " + points + (points == 1 ? " probe..." : " probes..."));
    }

    @Override
    public void lost(long records) {
        System.err.println("Lost " + records + " events");
    }

    @Override
    public void allMaps() {
        out.print("\n\n");
        for (var spec : maps.own()) map(spec, 0, 1);
    }

    public void map(MapSpec spec, int top, long divisor) {
        var shape = spec.shape().orElseThrow();
        var rows =
                MapView.rows(maps, spec, zeroed.contains(spec.name()) || MapView.startsAtZero(spec), values.owners());
        if (top > 0 && rows.size() > top) rows = rows.subList(rows.size() - top, rows.size());
        for (var row : rows) {
            out.print(spec.name() + key(shape.keys(), row.key()) + ": ");
            if (shape.value() instanceof Aggregate aggregate)
                out.print(aggregate(aggregate, row, Math.max(1, divisor)));
            else if (shape.value() instanceof Type.Int(int _, boolean signed) && divisor > 1)
                out.println(Values.number(
                        signed ? row.number() / divisor : Long.divideUnsigned(row.number(), divisor), signed));
            else {
                String value = values.show(shape.value(), row.value(), 0, STACK_INDENT);
                out.print(value.endsWith("\n") ? value : value + "\n");
            }
        }
        boolean spaced = rows.isEmpty() || shape.value() instanceof Aggregate.Average;
        if (spaced) out.println();
    }

    private String aggregate(Aggregate aggregate, MapView.Row row, long divisor) {
        return switch (aggregate) {
            case Aggregate.Count _ -> Long.toUnsignedString(Long.divideUnsigned(row.number(), divisor)) + "\n";
            case Aggregate.Sum(boolean signed) -> number(row.number(), signed, divisor);
            case Aggregate.Extreme(boolean _, boolean signed) -> number(row.number(), signed, divisor);
            case Aggregate.Average(boolean whole, boolean signed) ->
                whole
                        ? "count " + row.n() + ", average " + Values.number(row.number(), signed) + ", total "
                                + Values.number(row.total(), signed) + "\n"
                        : number(row.number(), signed, divisor);
            case Aggregate.Series series -> "\n" + TimeSeries.show(series, row.buckets()) + "\n";
            case Aggregate.Histogram _, Aggregate.Linear _ -> "\n" + Histograms.show(aggregate, row.buckets()) + "\n";
        };
    }

    private static String number(long value, boolean signed, long divisor) {
        return Values.number(signed ? value / divisor : Long.divideUnsigned(value, divisor), signed) + "\n";
    }

    private String key(List<Type> types, byte[] key) {
        return types.isEmpty() ? "" : "[" + values.key(types, key, ", ") + "]";
    }
}
