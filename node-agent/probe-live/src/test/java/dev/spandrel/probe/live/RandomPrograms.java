package dev.spandrel.probe.live;

import java.util.List;
import java.util.Random;

/** Makes random programs that are right: whatever stands in them has its type. */
final class RandomPrograms {
    private static final List<String> POINTS = List.of(
            "tracepoint:syscalls:sys_enter_openat",
            "tracepoint:syscalls:sys_enter_openat, tracepoint:syscalls:sys_enter_open",
            "tracepoint:sched:sched_switch",
            "rawtracepoint:sched_process_exit",
            "profile:hz:11",
            "uprobe:libc:getppid",
            "uretprobe:libc:getppid",
            "BEGIN");
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "&&", "||");
    private static final int DEEPEST = 3;

    private final Random random;
    private boolean inMapLoop;
    private int counters;

    RandomPrograms(long seed) {
        random = new Random(seed);
    }

    String next() {
        var text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(3); i++)
            text.append(POINTS.get(random.nextInt(POINTS.size())))
                    .append(random.nextBoolean() ? "" : " /pid > " + random.nextInt(1000) + "/")
                    .append(" { $a = (int64)")
                    .append(random.nextInt(1000))
                    .append("; $b = (uint64)pid; $s = comm; @m[0] = $a; @c[0, comm] = count();\n")
                    .append(block(DEEPEST))
                    .append("}\n");
        return text.toString();
    }

    private String block(int depth) {
        var text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(4); i++)
            text.append(statement(depth)).append('\n');
        return text.toString();
    }

    private String statement(int depth) {
        return switch (random.nextInt(depth > 0 ? 22 : 17)) {
            case 0 -> "$a = (int64)" + number(3) + ";";
            case 1 -> "$b += (uint64)" + number(2) + ";";
            case 2 -> "@m[" + number(1) + "] = (int64)" + number(3) + ";";
            case 3 -> "@c[" + number(2) + ", " + text() + "] = count();";
            case 4 -> "@h[" + text() + "] = hist(" + number(2) + ");";
            case 5 -> "@l = lhist(" + number(2) + ", 0, 100, 10);";
            case 6 ->
                List.of("@sum = sum(", "@min = min(", "@max = max(", "@avg[pid] = avg(", "@stats = stats(")
                                .get(random.nextInt(5))
                        + "(int64)" + number(2) + ");";
            case 7 -> "@t[" + number(1) + "] = (" + text() + ", (int64)" + number(2) + ");";
            case 8 -> "printf(\"%d %s %x\\n\", " + number(2) + ", " + text() + ", " + number(1) + ");";
            case 9 -> "delete(@m, " + number(1) + ");";
            case 10 -> "@n[" + number(1) + "]++;";
            case 11 -> "$s = " + text() + ";";
            case 12 ->
                (random.nextBoolean() ? "@k[kstack" : "@us[ustack(3)") + ", (uint64)" + number(1) + "] = count();";
            case 13 -> "$t = (" + text() + ", (int64)" + number(2) + ", (uint64)" + number(1) + "); @u[$t.0] = $t.1;";
            case 14 -> "@p[curtask.pid, curtask.real_parent.comm] = sum((uint64)" + number(2) + ");";
            case 15 ->
                "printf(\"%-8s %5d %llx %s\\n\", " + text() + ", (int32)" + number(2) + ", curtask.start_time, "
                        + "str(curtask.comm));";
            case 16 -> "$o = (struct task_struct *)curtask; @o = $o.tgid + $o.flags + $o.mm.map_count;";
            case 17 -> "if (" + number(2) + ") {" + block(depth - 1) + "} else {" + block(depth - 1) + "}";
            case 18 -> "unroll (2) {" + block(depth - 1) + "}";
            case 19 ->
                "for ($i" + ++counters + " : 0.." + (1 + random.nextInt(5)) + ") {" + block(random.nextInt(2)) + "}";
            case 20 -> bounded();
            default -> overMap(depth);
        };
    }

    private String bounded() {
        String counter = "$w" + ++counters;
        return counter + " = 0; while (" + counter + " < " + (1 + random.nextInt(5)) + ") { " + counter + "++; "
                + block(random.nextInt(2)) + " if (" + number(1) + ") { "
                + (random.nextBoolean() ? "break" : "continue") + "; } }";
    }

    private String overMap(int depth) {
        if (inMapLoop) return "$a = 1;";
        inMapLoop = true;
        String entry = "$e" + ++counters;
        String body = block(Math.min(1, depth - 1));
        inMapLoop = false;
        return random.nextBoolean()
                ? "for (" + entry + " : @m) { $a += " + entry + ".1; " + body + "}"
                : "for (" + entry + " : @c) { @seen[" + entry + ".0.1] = (int64)" + entry + ".1; " + body + "}";
    }

    private String number(int depth) {
        if (depth == 0 || random.nextInt(4) == 0)
            return switch (random.nextInt(7)) {
                case 0 -> "$a";
                case 1 -> "$b";
                case 2 -> "pid";
                case 3 -> "nsecs";
                case 4 -> "cpu";
                case 5 -> Integer.toString(random.nextInt(1000));
                default -> "rand";
            };
        return switch (random.nextInt(8)) {
            case 0 ->
                "(" + number(depth - 1) + " ? (uint64)" + number(depth - 1) + " : (uint64)" + number(depth - 1) + ")";
            case 1 -> "@m[" + number(depth - 1) + "]";
            case 2 -> "(int64)@c[" + number(0) + ", comm]";
            case 3 -> "strlen($s)";
            case 4 -> "(comm == " + text() + ")";
            case 5 -> "((uint" + (8 << random.nextInt(4)) + ")" + number(depth - 1) + ")";
            default ->
                "(" + number(depth - 1) + " " + OPERATORS.get(random.nextInt(OPERATORS.size())) + " "
                        + number(depth - 1) + ")";
        };
    }

    private String text() {
        return random.nextInt(3) == 0 ? "\"abc\"" : random.nextBoolean() ? "comm" : "$s";
    }
}
