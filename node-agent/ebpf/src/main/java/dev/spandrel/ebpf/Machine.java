package dev.spandrel.ebpf;

/** The processor's architecture: BPF objects are built for each, as registers and the numbers of system calls differ. */
public final class Machine {
    private Machine() {}

    /** As uname -m says it. */
    public static String name() {
        var arch = System.getProperty("os.arch");
        return arch.equals("amd64") ? "x86_64" : arch;
    }
}
