package dev.spandrel.probe.lower;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the machine's registers are in the kernel's struct pt_regs, and which of them carry arguments. */
public enum Arch {
    X86_64(
            List.of("di", "si", "dx", "cx", "r8", "r9"),
            List.of("di", "si", "dx", "r10", "r8", "r9"),
            "ax",
            "sp",
            120,
            8,
            Map.ofEntries(
                    Map.entry("r15", 0),
                    Map.entry("r14", 8),
                    Map.entry("r13", 16),
                    Map.entry("r12", 24),
                    Map.entry("bp", 32),
                    Map.entry("bx", 40),
                    Map.entry("r11", 48),
                    Map.entry("r10", 56),
                    Map.entry("r9", 64),
                    Map.entry("r8", 72),
                    Map.entry("ax", 80),
                    Map.entry("cx", 88),
                    Map.entry("dx", 96),
                    Map.entry("si", 104),
                    Map.entry("di", 112),
                    Map.entry("orig_ax", 120),
                    Map.entry("ip", 128),
                    Map.entry("cs", 136),
                    Map.entry("flags", 144),
                    Map.entry("sp", 152),
                    Map.entry("ss", 160))),
    ARM64(
            List.of("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"),
            List.of("orig_r0", "r1", "r2", "r3", "r4", "r5"),
            "r0",
            "sp",
            280,
            4,
            arm());

    private final List<String> arguments;
    private final List<String> syscallArguments;
    private final Map<String, Integer> registers;
    final String result;
    final String stackPointer;
    /** Where the system call's number is, and in how many bytes. */
    final int syscallNumber;

    final int syscallNumberBytes;

    Arch(
            List<String> arguments,
            List<String> syscallArguments,
            String result,
            String stackPointer,
            int syscallNumber,
            int syscallNumberBytes,
            Map<String, Integer> registers) {
        this.arguments = arguments;
        this.syscallArguments = syscallArguments;
        this.result = result;
        this.stackPointer = stackPointer;
        this.syscallNumber = syscallNumber;
        this.syscallNumberBytes = syscallNumberBytes;
        this.registers = registers;
    }

    private static Map<String, Integer> arm() {
        var registers = new java.util.HashMap<String, Integer>();
        for (int i = 0; i < 31; i++) registers.put("r" + i, 8 * i);
        registers.putAll(Map.of("sp", 248, "pc", 256, "pstate", 264, "orig_r0", 272));
        return Map.copyOf(registers);
    }

    public static Arch of(String name) {
        return name.equals("aarch64") ? ARM64 : X86_64;
    }

    /** Where Go keeps the goroutine that runs. */
    int goroutine() {
        return registers.get(this == X86_64 ? "r14" : "r28");
    }

    Optional<Integer> offset(String register) {
        return Optional.ofNullable(registers.get(register));
    }

    /** Empty: this argument is on the stack. */
    Optional<Integer> argument(int index) {
        return index < arguments.size() ? offset(arguments.get(index)) : Optional.empty();
    }

    int registerArguments() {
        return arguments.size();
    }

    int syscallArgument(int index) {
        return registers.get(syscallArguments.get(index));
    }
}
