package dev.spandrel.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What this kernel and this process can do, each found by trying, never by a version number. */
public final class Features {
    private static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;

    private final Optional<Set<String>> tracepoints;

    private Features(Optional<Set<String>> tracepoints) {
        this.tracepoints = tracepoints;
    }

    /** Reads the kernel's BTF once. After {@link Native#load}. */
    public static Features detect() {
        return new Features(KernelTracepoints.read(VMLINUX));
    }

    public Feature btf() {
        return Feature.of(
                tracepoints.isPresent(),
                "the kernel has no BTF at " + VMLINUX,
                "use a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    }

    /** Whether SEC("tp_btf/name") can attach. */
    public Feature tracepoint(String name) {
        return Feature.all(
                btf(),
                Feature.of(
                        tracepoints.map(names -> names.contains(name)).orElse(false),
                        "the kernel has no tracepoint " + name,
                        "use a newer kernel"));
    }

    public Feature map(MapType type) {
        return Feature.of(
                Libbpf.libbpf_probe_bpf_map_type(type.number()) == 1,
                "the kernel has no maps of type " + type,
                "use a newer kernel, or run with CAP_BPF");
    }

    /** Whether uprobes attach by links, which take CAP_BPF and CAP_PERFMON. Otherwise they attach by perf events, for which most kernels since July 2025 want CAP_SYS_ADMIN. */
    public static Feature uprobeLinks() {
        return Feature.of(
                UprobeLink.isKnown(),
                "the kernel has no links of uprobes",
                "use Linux 6.6 or newer, or add CAP_SYS_ADMIN");
    }

    /** Of programs that trace: those that shape traffic would need CAP_NET_ADMIN too. */
    public static Feature capabilities() {
        long held = heldCapabilities();
        return Feature.of(
                has(held, CAP_SYS_ADMIN) || (has(held, CAP_BPF) && has(held, CAP_PERFMON)),
                "this process may not load BPF programs",
                "run as root, or with CAP_BPF and CAP_PERFMON");
    }

    private static boolean has(long held, int capability) {
        return (held >> capability & 1) != 0;
    }

    private static long heldCapabilities() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
