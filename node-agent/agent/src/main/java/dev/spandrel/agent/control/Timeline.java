package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.Workload;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/** Policies that end by themselves, also while the operator is away. Times are milliseconds since the epoch. Pure. */
final class Timeline {
    private Timeline() {}

    /** The workload as it is at some time; empty once no policy selects it any more. */
    static Optional<Workload> at(Workload workload, long now) {
        return workload.getLaterList().stream()
                .filter(later -> later.getAtUnixMillis() <= now)
                .reduce((_, last) -> last)
                .map(later -> later.hasConfig()
                        ? Optional.of(workload.toBuilder()
                                .setConfig(later.getConfig())
                                .build())
                        : Optional.<Workload>empty())
                .orElseGet(() -> Optional.of(workload));
    }

    /** When the first of them changes by itself after some time. */
    static OptionalLong next(Collection<Workload> workloads, long after) {
        return workloads.stream()
                .flatMap(workload -> workload.getLaterList().stream())
                .mapToLong(Later::getAtUnixMillis)
                .filter(at -> at > after)
                .min();
    }
}
