package dev.spandrel.probe.check;

import dev.spandrel.probe.check.Expansion.Found;
import dev.spandrel.probe.check.Instance.Point;
import dev.spandrel.probe.syntax.Diagnostics;
import dev.spandrel.probe.syntax.Program.AttachPoint;
import dev.spandrel.probe.type.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    List<Found> functions(AttachPoint point, Targets.Needs needs) {
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
        for (String file : files) found.addAll(functions(point.provider(), file, symbol, atReturn, needs));
        if (!found.isEmpty()) return found;
        String file = files.getFirst();
        if (!needs.alone()) {
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

    private List<Found> functions(String provider, String file, Symbol symbol, boolean atReturn, Targets.Needs needs) {
        var address = SampledTargets.number(symbol.name());
        if (address.isPresent())
            return List.of(new Found(
                    provider + ":" + file + ":" + symbol.name(),
                    new Target.Uprobe(file, "", address.getAsLong(), atReturn)));
        // What a function is called with is in its registers when it begins.
        boolean called = needs.arguments() && !atReturn && symbol.offset() == 0;
        return facts.functions(file, symbol.name()).stream()
                .map(function -> new Found(
                        new Point(
                                provider + ":" + file + ":" + symbol.shown(function),
                                new Target.Uprobe(file, function, symbol.offset(), atReturn)),
                        Optional.empty(),
                        called ? facts.userFunction(file, function) : List.of()))
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
