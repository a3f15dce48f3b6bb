package dev.spandrel.agent.doctor;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.ebpf.Cgroup2;
import dev.spandrel.ebpf.Feature;
import dev.spandrel.ebpf.Features;
import dev.spandrel.ebpf.Machine;
import dev.spandrel.ebpf.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the machine says of itself.
 *
 * @param lockdown none, integrity or confidentiality; empty: securityfs is not mounted or the kernel has none
 * @param jit net.core.bpf_jit_enable: 0 is off; empty: it cannot be read
 * @param statistics kernel.bpf_stats_enabled
 * @param btf, capabilities, backends tried only where libbpf is there
 */
record Facts(
        String release,
        String machine,
        Native libbpf,
        Feature capabilities,
        Feature btf,
        Map<Backend, Feature> backends,
        Optional<Path> cgroups,
        Optional<String> lockdown,
        Optional<String> jit,
        boolean statistics) {
    static Facts read() {
        var libbpf = Native.load();
        boolean usable = libbpf instanceof Native.Supported;
        var untried = new Feature.Unsupported("not tried", "see libbpf");
        return new Facts(
                System.getProperty("os.version"),
                Machine.name(),
                libbpf,
                Features.capabilities(),
                usable ? Features.detect().btf() : untried,
                usable ? Backend.tested() : Map.of(),
                Cgroup2.mount(),
                line("/sys/kernel/security/lockdown").map(Facts::chosen),
                line("/proc/sys/net/core/bpf_jit_enable"),
                line("/proc/sys/kernel/bpf_stats_enabled")
                        .filter(value -> !value.equals("0"))
                        .isPresent());
    }

    boolean works(Backend backend) {
        return backends.get(backend) instanceof Feature.Supported;
    }

    /** The one in brackets of "none [integrity] confidentiality". */
    static String chosen(String alternatives) {
        return alternatives.replaceAll(".*\\[(\\w+)].*", "$1");
    }

    private static Optional<String> line(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream().findFirst().map(String::strip);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
