package dev.spandrel.agent.doctor;

import dev.spandrel.agent.doctor.Finding.Level;
import dev.spandrel.agent.program.Backend;
import dev.spandrel.ebpf.Feature;
import dev.spandrel.ebpf.Native;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the facts amount to, in the order in which a person has to see to them. */
public record Diagnosis(
        String release, String machine, Optional<Path> cgroups, List<Finding> findings, Optional<Backend> backend) {
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /** Of this machine, without loading anything. */
    public static Diagnosis here() {
        return of(Facts.read());
    }

    static Diagnosis of(Facts facts) {
        var findings = new ArrayList<Finding>();
        findings.add(
                switch (facts.libbpf()) {
                    case Native.Supported(var version) -> Finding.ok("libbpf", version);
                    case Native.Unsupported(var reason, var action) ->
                        new Finding("libbpf", Level.FATAL, reason, action);
                });
        findings.add(feature("capabilities", facts.capabilities(), "may load BPF programs", Level.FATAL));
        findings.add(feature("btf", facts.btf(), "/sys/kernel/btf/vmlinux", Level.FATAL));
        findings.add(
                facts.cgroups().isPresent()
                        ? Finding.ok("cgroup2", facts.cgroups().get().toString())
                        : new Finding(
                                "cgroup2",
                                Level.FATAL,
                                "no cgroup v2 is mounted, so no workload can be selected",
                                "mount -t cgroup2 none /sys/fs/cgroup"));
        findings.add(lockdown(facts.lockdown()));
        findings.add(jit(facts.jit()));
        if (facts.statistics())
            findings.add(new Finding(
                    "statistics",
                    Level.NOTE,
                    "kernel.bpf_stats_enabled is on: each run of a program costs about 60 ns more",
                    "sysctl kernel.bpf_stats_enabled=0, unless somebody measures"));
        var usable = Arrays.stream(Backend.values()).filter(facts::works).findFirst();
        for (var backend : Backend.values())
            Optional.ofNullable(facts.backends().get(backend))
                    .ifPresent(feature -> findings.add(feature(
                            name(backend), feature, "works here", usable.isPresent() ? Level.NOTE : Level.FATAL)));
        return new Diagnosis(facts.release(), facts.machine(), facts.cgroups(), findings, usable);
    }

    /** The backend to trace by: the one that is asked for, else the first that works. */
    public Backend.Choice choice(Optional<Backend> asked) {
        Optional<String> refusal = asked.map(Diagnosis::name)
                .flatMap(name -> findings.stream()
                        .filter(finding -> finding.name().equals(name) && finding.level() != Level.OK)
                        .findFirst())
                .map(Finding::toString)
                .or(this::refusal);
        return refusal.<Backend.Choice>map(Backend.Choice.None::new)
                .orElseGet(
                        () -> new Backend.Choice.Chosen(asked.or(() -> backend).orElseThrow()));
    }

    /** As the block of a log. */
    @Override
    public String toString() {
        return findings.stream()
                .map(finding -> "\n  " + finding.level().name().toLowerCase(Locale.ROOT) + " " + finding)
                .collect(Collectors.joining("", "Linux " + release + ", " + machine, ""));
    }

    /** Whether anything can be traced. */
    public boolean canTrace() {
        return backend.isPresent() && findings.stream().noneMatch(finding -> finding.level() == Level.FATAL);
    }

    /** Why not, in a line; what has to be seen to first. */
    public Optional<String> refusal() {
        return findings.stream()
                .filter(finding -> finding.level() == Level.FATAL)
                .findFirst()
                .map(Finding::toString);
    }

    private static String name(Backend backend) {
        return "backend." + backend.id();
    }

    private static Finding feature(String name, Feature feature, String fine, Level otherwise) {
        return switch (feature) {
            case Feature.Supported() -> Finding.ok(name, fine);
            case Feature.Unsupported(var reason, var action) -> new Finding(name, otherwise, reason, action);
        };
    }

    /** Integrity forbids BPF to write to user memory, which nothing here does; confidentiality forbids it to read the kernel's, which all of it does. */
    private static Finding lockdown(Optional<String> lockdown) {
        if (lockdown.isEmpty()) return Finding.ok("lockdown", "not known: securityfs is not mounted, or there is none");
        if (lockdown.get().equals("confidentiality"))
            return new Finding(
                    "lockdown",
                    Level.FATAL,
                    "confidentiality: BPF may not read the kernel's memory, so no socket can be followed",
                    "boot with lockdown=integrity or without");
        return Finding.ok("lockdown", lockdown.get());
    }

    private static Finding jit(Optional<String> jit) {
        if (jit.filter("0"::equals).isEmpty()) return Finding.ok("jit", jit.isEmpty() ? "not known" : "on");
        return new Finding(
                "jit",
                Level.NOTE,
                "BPF programs are interpreted, several times slower, and those that call kernel functions do not load",
                "sysctl net.core.bpf_jit_enable=1");
    }
}
