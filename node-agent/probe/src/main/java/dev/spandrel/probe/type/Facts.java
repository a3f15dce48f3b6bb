package dev.spandrel.probe.type;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the compiler asks about the kernel and about executables. Empty: there is no such thing, or nobody knows. */
public interface Facts {
    /** struct x, union y, or the name of a typedef. */
    Optional<Type> type(String name);

    Optional<Layout> layout(String struct);

    /** A constant of an enum. */
    OptionalLong constant(String name);

    /** Names that begin as this one does or are near it, for suggestions. */
    List<String> structs();

    /** Of one category and name; both may have wildcards. In order. */
    List<String> tracepoints(String category, String name);

    Optional<Tracepoint> tracepoint(String category, String name);

    /** What the tracepoint hands over, each with the name that the kernel's BTF has for it. */
    Optional<List<Layout.Member>> rawTracepoint(String name);

    List<String> rawTracepoints(String pattern);

    OptionalInt syscall(String name);

    /** Names of functions in an executable or library; the pattern may have wildcards. Empty list: there is none. */
    List<String> functions(String path, String pattern);

    /**
     * What a function in an executable or library is called with, as its debug information says: parameters whose registers are certain, each at 8 bytes for each register that carries arguments. Empty: there is no
     * debug information on it.
     */
    List<Layout.Member> userFunction(String path, String name);

    /** The files that a path or a library's short name means: several where processes have files of their own. */
    List<String> files(String path);

    /** Static probes of a file, as provider:name. */
    List<String> staticProbes(String path, String pattern);

    /** Where a static probe's arguments are, as its notes say; each way once, as it may stand in several places. */
    List<String> staticArguments(String path, String probe);

    /** Kinds of objects of the kernel that a program can go through. */
    List<String> iterators();

    /** Names of the kernel's functions; the pattern may have wildcards. */
    List<String> kernelFunctions(String pattern);

    /** A kernel's function's parameters, each at 8 bytes of what a program gets, and behind them what it returns, named `retval`. Empty: its types are not known. */
    Optional<List<Layout.Member>> kernelFunction(String name);

    OptionalLong kernelSymbol(String name);

    /** Bytes from the object's start of a process' memory image are not asked for: this is a symbol's address in its file. */
    OptionalLong userSymbol(String path, String name);

    OptionalLong cgroup(String path);

    /** Why the kernel has no such attach point at all: "kprobe" → its reason. */
    Optional<String> refused(String provider);

    /** Possible CPUs. */
    int cpus();

    /** The kernel's clock ticks per second. */
    int ticks();
}
