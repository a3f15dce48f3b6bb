package dev.spandrel.policy;

import com.google.protobuf.ByteString;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProbeExport;
import dev.spandrel.contract.v1.ProbeLimits;
import dev.spandrel.crds.Probe;
import dev.spandrel.policy.ProbeSetResult.ProgramFault;
import dev.spandrel.probe.syntax.Diagnostic;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Parser;
import dev.spandrel.probe.syntax.Source;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A probe of a spec in the contract's terms, all defaults resolved, and what is wrong with its program's text. */
final class ProbeConfigs {
    private static final String CPU = "1%";
    private static final String MEMORY = "8Mi";
    private static final int EVENTS = 1000;
    /** As {@code operator.desired.BpfObjects} has it. */
    private static final String OBJECTS = "spandrel.dev/bpf-objects";

    private static final ByteString ELF = ByteString.copyFrom(new byte[] {0x7f, 'E', 'L', 'F'});
    /** All of a node's probes are one message. */
    private static final int LARGEST = 512 << 10;

    private ProbeConfigs() {}

    /** Only what a program's text alone can tell; by probe, those without are left out. */
    static SortedMap<String, List<ProgramFault>> errors(ProbeSetInput input) {
        SortedMap<String, List<ProgramFault>> errors = new TreeMap<>();
        for (Probe probe : input.spec().probes()) {
            List<ProgramFault> found = probe.program() == null
                    ? errors(probe, input.objects().get(probe.name()))
                    : errors(new Source(probe.name(), probe.program()));
            if (!found.isEmpty()) errors.put(probe.name(), found);
        }
        return errors;
    }

    private static List<ProgramFault> errors(Probe probe, @Nullable ByteString object) {
        if (object == null) {
            Probe.ConfigMapKey from = probe.object().configMap();
            return fault("there is no ConfigMap %s with the label %s=true that has %s under binaryData"
                    .formatted(from.name(), OBJECTS, from.key()));
        }
        if (!object.startsWith(ELF)) return fault("the object is no ELF file");
        return object.size() <= LARGEST
                ? List.of()
                : fault("the object has %d KiB, and %d KiB are allowed".formatted(object.size() >> 10, LARGEST >> 10));
    }

    private static List<ProgramFault> fault(String message) {
        return List.of(new ProgramFault(0, 0, message));
    }

    private static List<ProgramFault> errors(Source source) {
        Diagnostics diagnostics = new Diagnostics();
        var _ = Parser.parse(source, diagnostics);
        return diagnostics.all().stream()
                .filter(one -> one.severity() == Diagnostic.Severity.ERROR)
                .map(one -> new ProgramFault(
                        source.line(one.span().start()),
                        source.column(one.span().start()),
                        one.message()
                                + one.hint().map(hint -> " (" + hint + ")").orElse("")))
                .toList();
    }

    static ProbeConfig.Builder of(Probe probe, @Nullable ByteString object) {
        ProbeConfig.Builder config = ProbeConfig.newBuilder()
                .setName(probe.name())
                .addAllParameters(Objects.requireNonNullElse(probe.parameters(), List.of()))
                .setLimits(limits(probe.limits()))
                .setExport(export(probe.export()));
        if (probe.program() != null) config.setProgram(probe.program());
        else if (object != null) config.setObject(object);
        return config;
    }

    private static ProbeLimits limits(Probe.@Nullable Limits limits) {
        Probe.Limits given = limits == null ? new Probe.Limits(null, null, null) : limits;
        return ProbeLimits.newBuilder()
                .setCpuMillionths(millionths(Objects.requireNonNullElse(given.cpu(), CPU)))
                .setMapBytes(bytes(Objects.requireNonNullElse(given.mapMemory(), MEMORY)))
                .setEventsPerSecond(Objects.requireNonNullElse(given.eventsPerSecond(), EVENTS))
                .build();
    }

    /** 1% is 10,000. */
    private static int millionths(String percent) {
        return new BigDecimal(percent.substring(0, percent.length() - 1))
                .scaleByPowerOfTen(4)
                .intValue();
    }

    private static long bytes(String quantity) {
        long number = Long.parseLong(quantity.substring(0, quantity.length() - 2));
        return switch (quantity.charAt(quantity.length() - 2)) {
            case 'K' -> number << 10;
            case 'M' -> number << 20;
            default -> number << 30;
        };
    }

    private static ProbeExport export(Probe.@Nullable Export export) {
        if (export == null) return ProbeExport.getDefaultInstance();
        return ProbeExport.newBuilder()
                .setMetric(Objects.requireNonNullElse(export.as(), ""))
                .setUnit(Objects.requireNonNullElse(export.unit(), ""))
                .setDescription(Objects.requireNonNullElse(export.description(), ""))
                .addAllAttributes(Objects.requireNonNullElse(export.attributes(), List.of()))
                .build();
    }
}
