package dev.spandrel.probe.check;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** How many arguments each function takes, and what may stand where. */
final class Functions {
    record Arity(int least, int most) {
        String described() {
            if (least == most) return least == 1 ? "1 argument" : least + " arguments";
            return most > 20
                    ? "at least " + least + (least == 1 ? " argument" : " arguments")
                    : least + " to " + most + " arguments";
        }
    }

    private static final int MANY = 64;
    /** Give a value. */
    static final Map<String, Arity> VALUES = Map.ofEntries(
            Map.entry("str", new Arity(1, 2)),
            Map.entry("buf", new Arity(1, 2)),
            Map.entry("ksym", new Arity(1, 1)),
            Map.entry("usym", new Arity(1, 1)),
            Map.entry("kstack", new Arity(0, 2)),
            Map.entry("ustack", new Arity(0, 2)),
            Map.entry("ntop", new Arity(1, 2)),
            Map.entry("macaddr", new Arity(1, 1)),
            Map.entry("strftime", new Arity(2, 2)),
            Map.entry("kaddr", new Arity(1, 1)),
            Map.entry("uaddr", new Arity(1, 1)),
            Map.entry("reg", new Arity(1, 1)),
            Map.entry("cgroupid", new Arity(1, 1)),
            Map.entry("cgroup_path", new Arity(1, 2)),
            Map.entry("strncmp", new Arity(3, 3)),
            Map.entry("strcontains", new Arity(2, 2)),
            Map.entry("strstr", new Arity(2, 2)),
            Map.entry("strlen", new Arity(1, 1)),
            Map.entry("bswap", new Arity(1, 1)),
            Map.entry("kptr", new Arity(1, 1)),
            Map.entry("uptr", new Arity(1, 1)),
            Map.entry("nsecs", new Arity(0, 1)),
            Map.entry("len", new Arity(1, 1)),
            Map.entry("has_key", new Arity(2, 2)),
            Map.entry("path", new Arity(1, 2)),
            Map.entry("pid", new Arity(0, 1)),
            Map.entry("tid", new Arity(0, 1)),
            Map.entry("delete", new Arity(1, 2)),
            Map.entry("memcmp", new Arity(3, 3)),
            Map.entry("globmatch", new Arity(2, 2)),
            Map.entry("strerror", new Arity(1, 1)),
            Map.entry("syscall_name", new Arity(1, 1)),
            Map.entry("pton", new Arity(1, 1)),
            Map.entry("getopt", new Arity(1, 3)),
            Map.entry("probetype", new Arity(0, 0)),
            Map.entry("has_cpid", new Arity(0, 0)),
            Map.entry("default_str_length", new Arity(0, 0)),
            Map.entry("cpid", new Arity(0, 0)),
            Map.entry("strcap", new Arity(1, 1)),
            Map.entry("is_str", new Arity(1, 1)),
            Map.entry("is_array", new Arity(1, 1)),
            Map.entry("is_integer", new Arity(1, 1)),
            Map.entry("is_unsigned_integer", new Arity(1, 1)),
            Map.entry("is_ptr", new Arity(1, 1)),
            Map.entry("is_literal", new Arity(1, 1)),
            Map.entry("trace_id", new Arity(0, 0)),
            Map.entry("span_id", new Arity(0, 0)),
            Map.entry("span_name", new Arity(0, 0)),
            Map.entry("route", new Arity(0, 0)),
            Map.entry("container", new Arity(0, 0)),
            Map.entry("pod", new Arity(0, 0)),
            Map.entry("workload", new Arity(0, 0)));
    /** Stand alone. */
    static final Map<String, Arity> ACTIONS = Map.ofEntries(
            Map.entry("printf", new Arity(1, MANY)),
            Map.entry("print", new Arity(1, 3)),
            Map.entry("clear", new Arity(1, 1)),
            Map.entry("zero", new Arity(1, 1)),
            Map.entry("delete", new Arity(1, 2)),
            Map.entry("exit", new Arity(0, 1)),
            Map.entry("time", new Arity(0, 1)),
            Map.entry("join", new Arity(1, 2)),
            Map.entry("cat", new Arity(1, MANY)),
            Map.entry("system", new Arity(1, MANY)),
            Map.entry("signal", new Arity(1, 1)),
            Map.entry("signal_thread", new Arity(1, 1)),
            Map.entry("static_assert", new Arity(1, 2)),
            Map.entry("fail", new Arity(1, MANY)),
            Map.entry("assert_str", new Arity(1, 1)),
            Map.entry("errorf", new Arity(1, MANY)),
            Map.entry("warnf", new Arity(1, MANY)));
    /** Are assigned to a map. */
    static final Map<String, Arity> AGGREGATES = Map.ofEntries(
            Map.entry("count", new Arity(0, 0)),
            Map.entry("sum", new Arity(1, 1)),
            Map.entry("avg", new Arity(1, 1)),
            Map.entry("min", new Arity(1, 1)),
            Map.entry("max", new Arity(1, 1)),
            Map.entry("stats", new Arity(1, 1)),
            Map.entry("hist", new Arity(1, 2)),
            Map.entry("lhist", new Arity(4, 4)),
            Map.entry("tseries", new Arity(3, 4)));

    static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry(
                    "override",
                    "changing what a kernel function gives needs kprobes with error injection, which this compiler has not"),
            Map.entry("unwatch", "watchpoints are there until the program ends"),
            Map.entry("skboutput", "packet capture files are not written"),
            Map.entry(
                    "comm",
                    "the name of another process is asked of a function of the kernel that programs here do not call"),
            Map.entry(
                    "percpu_kaddr",
                    "variables of each CPU are found by functions of the kernel that programs here do not call"),
            Map.entry(
                    "socket_cookie",
                    "the kernel gives it to programs whose pointers it follows by their types, which these are not"),
            Map.entry("kfunc_exist", "functions of the kernel are not called"),
            Map.entry("kfunc_allowed", "functions of the kernel are not called"));

    private Functions() {}

    static Set<String> names() {
        var names = new TreeSet<>(VALUES.keySet());
        names.addAll(ACTIONS.keySet());
        names.addAll(AGGREGATES.keySet());
        return names;
    }
}
