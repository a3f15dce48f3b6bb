package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Attach points in executables and libraries: in each file that the path leads to, for containers have files of their own. */
final class UserTargets {
    private final Facts facts;
    private final Diagnostics diagnostics;
    /** Whether the processes that are meant come and go: then a file may come as well. */
    private final boolean later;

    UserTargets(Facts facts, Diagnostics diagnostics, boolean later) {
        this.facts = facts;
        this.diagnostics = diagnostics;
        this.later = later;
    }

    /** A function, and how far behind its beginning. */
    private record Symbol(String name, long offset) {
        static Symbol of(String text) {
            int plus = text.lastIndexOf('+');
            var number = plus > 0 ? SampledTargets.number(text.substring(plus + 1)) : OptionalLong.empty();
            return number.isPresent() ? new Symbol(text.substring(0, plus), number.getAsLong()) : new Symbol(text, 0);
        }

        String shown(String function) {
            return offset == 0 ? function : function + "+" + offset;
        }
    }

    /** @param alone whether the probe has no other attach point: then a function that is not there is an error */
    List<Found> functions(AttachPoint point, boolean alone) {
        boolean atReturn = point.provider().equals("uretprobe");
        var parts = point.parts();
        if (parts.size() < 3)
            return wrong(
                    point,
                    "a " + point.provider() + " has a file and a function",
                    point.provider() + ":/bin/bash:readline");
        var symbol = Symbol.of(parts.getLast());
        if (atReturn && symbol.offset() != 0)
            return wrong(point, "a uretprobe cannot have an offset", "take a uprobe, or leave the offset out");
        var files = facts.files(parts.get(1));
        if (files.isEmpty() && later) return notYet(point, symbol, atReturn);
        if (files.isEmpty())
            return wrong(
                    point,
                    "there is no file " + parts.get(1),
                    "give the path of an executable or library, or a library's short name such as libc");
        var found = new ArrayList<Found>();
        for (String file : files) found.addAll(functions(point.provider(), file, symbol, atReturn));
        if (!found.isEmpty()) return found;
        String file = files.getFirst();
        if (!alone) {
            diagnostics.warning(
                    point.span(), file + " has no function " + symbol.name() + ": this attach point is left out");
            return List.of();
        }
        return wrong(
                point,
                file + " has no function " + symbol.name(),
                Near.to(symbol.name(), facts.functions(file, "*"))
                        .map(n -> "did you mean " + n + "?")
                        .orElse("list them with -l '" + point.provider() + ":" + file + ":*'"));
    }

    private List<Found> functions(String provider, String file, Symbol symbol, boolean atReturn) {
        var address = SampledTargets.number(symbol.name());
        if (address.isPresent())
            return List.of(new Found(
                    provider + ":" + file + ":" + symbol.name(),
                    new Target.Uprobe(file, "", address.getAsLong(), atReturn)));
        return facts.functions(file, symbol.name()).stream()
                .map(function -> new Found(
                        provider + ":" + file + ":" + symbol.shown(function),
                        new Target.Uprobe(file, function, symbol.offset(), atReturn)))
                .toList();
    }

    /** It is checked like any other, and attached to when a process has the file. */
    private List<Found> notYet(AttachPoint point, Symbol symbol, boolean atReturn) {
        warnOfNone(point);
        String file = point.parts().get(1);
        return List.of(new Found(
                point.provider() + ":" + file + ":" + point.parts().getLast(),
                new Target.Uprobe("", symbol.name(), symbol.offset(), atReturn)));
    }

    private void warnOfNone(AttachPoint point) {
        diagnostics.warning(
                point.span(), "no selected process has a file " + point.parts().get(1) + " yet");
    }

    List<Found> statics(AttachPoint point) {
        var parts = point.parts();
        if (parts.size() < 3)
            return wrong(point, "a usdt probe has a file and a name", "usdt:/path/program:provider:name");
        var files = facts.files(parts.get(1));
        if (files.isEmpty() && later) {
            warnOfNone(point);
            String provider = parts.size() > 3 ? parts.get(2) : "";
            return List.of(new Found(point.text(), new Target.Usdt("", provider, parts.getLast(), "")));
        }
        if (files.isEmpty())
            return wrong(point, "there is no file " + parts.get(1), "give the path of an executable or library");
        String pattern = parts.size() > 3 ? parts.get(2) + ":" + parts.get(3) : "*:" + parts.get(2);
        var found = new ArrayList<Found>();
        for (String file : files)
            for (String name : facts.staticProbes(file, pattern))
                for (String arguments : facts.staticArguments(file, name))
                    found.add(new Found(
                            "usdt:" + file + ":" + name,
                            new Target.Usdt(
                                    file,
                                    name.substring(0, name.indexOf(':')),
                                    name.substring(name.indexOf(':') + 1),
                                    arguments)));
        if (!found.isEmpty()) return found;
        return wrong(
                point,
                files.getFirst() + " has no static probe " + pattern,
                "list them with -l 'usdt:" + files.getFirst() + ":*'");
    }

    private List<Found> wrong(AttachPoint point, String message, String hint) {
        diagnostics.error(point.span(), message, hint);
        return List.of();
    }
}
