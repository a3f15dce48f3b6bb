package dev.spandrel.probe.live.session;

import dev.spandrel.probe.codegen.Instruction;
import dev.spandrel.probe.syntax.Source;
import dev.spandrel.probe.syntax.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the kernel's verifier says against a program, in terms of the source. */
record VerifierLog(Span span, String words) {
    private static final Pattern AT = Pattern.compile("^(\\d+): \\(");
    private static final Pattern TOO_BIG =
            Pattern.compile("program is too large|too complex|too many (states|jumps)|Argument list too long");
    private static final Pattern STACK = Pattern.compile("combined stack size|stack size .* is too large");

    /** @param reason the error's own */
    static VerifierLog read(String log, String reason, List<Instruction> instructions, Source source) {
        int last = 0;
        Map<Integer, Integer> visits = new HashMap<>();
        var said = new ArrayList<String>();
        for (String line : log.split("\n")) {
            var matcher = AT.matcher(line);
            if (matcher.find()) {
                last = Integer.parseInt(matcher.group(1));
                visits.merge(source.line(span(instructions, last).start()), 1, Integer::sum);
            } else if (!line.isBlank() && !line.startsWith("processed ")) said.add(line);
        }
        String words = said.isEmpty() ? reason : said.getLast();
        if (TOO_BIG.matcher(words + reason).find()) return tooBig(visits, instructions, source);
        if (STACK.matcher(words).find())
            words =
                    "it needs more than the 512 bytes of stack that it has together with what its loops run; keep fewer values at a time";
        return new VerifierLog(span(instructions, last), words + " (" + reason + ")");
    }

    /** The line at which it was most often. */
    private static VerifierLog tooBig(Map<Integer, Integer> visits, List<Instruction> instructions, Source source) {
        int line = visits.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(1);
        var span = instructions.stream()
                .map(Instruction::span)
                .filter(s -> source.line(s.start()) == line)
                .findFirst()
                .orElse(instructions.getFirst().span());
        return new VerifierLog(
                span,
                "it is too big: there are more ways through it than the kernel follows (a million instructions); most of them pass this line. "
                        + "Make loops shorter, or split the probe in two");
    }

    private static Span span(List<Instruction> instructions, int at) {
        return instructions.get(Math.min(at, instructions.size() - 1)).span();
    }
}
