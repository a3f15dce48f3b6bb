package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program;
import dev.spandrel.probe.type.Type;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a program's config block says. */
final class Settings {
    private static final Map<String, Integer> LIMITS =
            Map.of("max_map_keys", 1 << 20, "max_strlen", 1024, "strlen", 1024);
    /** There is nothing here that they would change: symbols are looked up when they are shown, the ring has one size, and nothing is unstable. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "cache_user_symbols",
            "lazy_symbolication",
            "license",
            "log_size",
            "max_bpf_progs",
            "max_probes",
            "missing_probes",
            "on_stack_limit",
            "perf_rb_pages",
            "show_debug_info",
            "unstable_addr",
            "unstable_map_decl",
            "unstable_tseries");
    /** What a program would be shown without them is not what it asks for. */
    private static final Set<String> REFUSED =
            Set.of("cpp_demangle", "max_cat_bytes", "print_maps_on_exit", "str_trunc_trailer");

    private Settings() {}

    static Options of(Program program, Options given, Diagnostics diagnostics) {
        var options = given;
        for (var setting : program.config()) {
            String name = setting.name().toLowerCase(Locale.ROOT).replaceFirst("^bpftrace_", "");
            if (LIMITS.containsKey(name)) options = sized(setting, name, options, diagnostics);
            else if (name.equals("stack_mode")) options = showing(setting, options, diagnostics);
            else if (REFUSED.contains(name)) diagnostics.error(setting.span(), setting.name() + " is not implemented");
            else if (!WITHOUT_EFFECT.contains(name)) unknown(setting, name, diagnostics);
        }
        int most = given.selection().managed().map(Options.Managed::mostKeys).orElse(Integer.MAX_VALUE);
        return options.sized(options.textBytes(), Math.min(options.mapEntries(), most));
    }

    private static Options sized(Program.Setting setting, String name, Options options, Diagnostics diagnostics) {
        int limit = LIMITS.get(name);
        int value = setting.value().matches("\\d{1,9}") ? Integer.parseInt(setting.value()) : 0;
        if (value < 1 || value > limit) {
            diagnostics.error(setting.span(), setting.name() + " is a number from 1 to " + limit);
            return options;
        }
        return name.equals("max_map_keys")
                ? options.sized(options.textBytes(), value)
                : options.sized(value, options.mapEntries());
    }

    private static Options showing(Program.Setting setting, Options options, Diagnostics diagnostics) {
        for (var mode : Type.StackMode.values())
            if (mode.name().equalsIgnoreCase(setting.value())) return options.showing(mode);
        diagnostics.error(setting.span(), "there is no stack mode '" + setting.value() + "'", "bpftrace, perf or raw");
        return options;
    }

    private static void unknown(Program.Setting setting, String name, Diagnostics diagnostics) {
        var all = new TreeSet<>(LIMITS.keySet());
        all.addAll(WITHOUT_EFFECT);
        all.add("stack_mode");
        String message = "there is no setting '" + setting.name() + "'";
        Near.to(name, all)
                .ifPresentOrElse(
                        near -> diagnostics.error(setting.span(), message, "did you mean '" + near + "'?"),
                        () -> diagnostics.error(setting.span(), message, "settings are " + String.join(", ", all)));
    }
}
