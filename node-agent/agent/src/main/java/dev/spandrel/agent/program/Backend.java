package dev.spandrel.agent.program;

import dev.spandrel.ebpf.Feature;
import dev.spandrel.ebpf.Features;
import dev.spandrel.ebpf.MapType;
import dev.spandrel.ebpf.Native;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How the kernel side sees socket I/O; in order of preference. */
public enum Backend {
    SOCKLEN {
        @Override
        Feature test(Features features) {
            return Feature.all(
                    features.tracepoint("sock_send_length"),
                    features.tracepoint("sock_recv_length"),
                    features.map(MapType.SK_STORAGE),
                    features.map(MapType.CGRP_STORAGE),
                    features.map(MapType.RINGBUF));
        }
    },
    SYSEXIT {
        @Override
        Feature test(Features features) {
            return Feature.all(
                    features.tracepoint("sys_exit"),
                    features.tracepoint("inet_sock_set_state"),
                    features.map(MapType.RINGBUF));
        }
    };

    abstract Feature test(Features features);

    /** As on the command line and in the contract. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Backend> of(String id) {
        return Arrays.stream(values())
                .filter(backend -> backend.id().equals(id))
                .findFirst();
    }

    /** Each, with why it does not work here where it does not. After {@link Native#load}. */
    public static Map<Backend, Feature> tested() {
        var features = Features.detect();
        var tested = new EnumMap<Backend, Feature>(Backend.class);
        for (var backend : values()) tested.put(backend, backend.test(features));
        return tested;
    }

    /** What this machine can do. */
    public sealed interface Choice {
        record Chosen(Backend backend) implements Choice {}

        record None(String reason) implements Choice {}
    }

    /** The first that works here. */
    public static Choice choose() {
        return choose(values());
    }

    /** The given one, if it works here. */
    public static Choice force(Backend backend) {
        return choose(backend);
    }

    private static Choice choose(Backend... candidates) {
        if (Native.load() instanceof Native.Unsupported(var reason, var action))
            return new Choice.None(reason + ": " + action);
        if (Features.capabilities() instanceof Feature.Unsupported missing) return new Choice.None(missing.toString());
        var features = Features.detect();
        Feature last = new Feature.Supported();
        for (var backend : candidates) {
            last = backend.test(features);
            if (last instanceof Feature.Supported) return new Choice.Chosen(backend);
        }
        return new Choice.None(last.toString());
    }
}
