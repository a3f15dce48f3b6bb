package dev.spandrel.policy;

import dev.spandrel.contract.v1.ProbeSetConfig;
import dev.spandrel.crds.ProbeSetSpec;
import dev.spandrel.policy.Inventory.Entry;
import dev.spandrel.policy.PolicyResult.Expiry;
import dev.spandrel.policy.ProbeSetResult.ProgramFault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A probe set, read; where it goes is another matter.
 *
 * @param common what every node is told of it
 */
record ReadProbeSet(
        ProbeSetInput input,
        List<Problem> problems,
        SortedMap<String, List<ProgramFault>> errors,
        Optional<Expiry> expiry,
        String hash,
        ProbeSetConfig common) {
    /** @param before the same set as it was read last: what has not changed is not read again */
    static ReadProbeSet of(ProbeSetInput input, Scope scope, Instant now, @Nullable ReadProbeSet before) {
        Optional<Expiry> expiry = input.expiresAt().map(end -> new Expiry(end, !end.isAfter(now)));
        if (before != null && before.input.equals(input) && before.expiry.equals(expiry)) {
            return before;
        }
        ProbeSetSpec spec = input.spec();
        List<Problem> problems =
                spec.nodeSelector() != null && !scope.isRoot(input.key().namespace())
                        ? List.of(new Problem("spec.nodeSelector", scope.level()))
                        : List.of();
        ProbeSetConfig.Builder common =
                ProbeSetConfig.newBuilder().setName(input.key().toString());
        boolean confined = !scope.isTrusted(input.key().namespace());
        spec.probes()
                .forEach(probe ->
                        common.addProbes(ProbeConfigs.of(probe, input.objects().get(probe.name()))
                                .setConfined(confined)));
        String hash = Digest.of(common.getProbesList()).hex();
        common.setAttach(hash.equals(input.checkedHash()));
        expiry.ifPresent(end -> common.setEndsAtUnixMillis(end.at().toEpochMilli()));
        ReadProbeSet read = new ReadProbeSet(input, problems, ProbeConfigs.errors(input), expiry, hash, common.build());
        return new ReadProbeSet(
                input,
                problems,
                read.errors,
                expiry,
                hash,
                common.setWholeNode(read.isForWholeNodes()).build());
    }

    boolean isInForce() {
        return problems.isEmpty()
                && errors.isEmpty()
                && isEnabled()
                && expiry.filter(Expiry::over).isEmpty();
    }

    private boolean isEnabled() {
        return !Boolean.FALSE.equals(input.spec().enabled());
    }

    /** Also for those without any of the pods. */
    boolean isForWholeNodes() {
        return input.spec().nodeSelector() != null && input.spec().podSelector() == null;
    }

    boolean isForNode(Map<String, String> labels) {
        return input.spec().nodeSelector() == null
                || Selector.matches(input.spec().nodeSelector(), labels);
    }

    boolean selects(Entry entry, Scope scope, Map<String, Map<String, String>> nodeLabels) {
        return isForNode(nodeLabels.getOrDefault(entry.node(), Map.of()))
                && scope.reaches(input.key().namespace(), entry.namespace())
                && Selector.matches(input.spec().podSelector(), entry.labels());
    }

    ProbeSetConfig with(SortedSet<String> workloads) {
        return common.toBuilder().addAllWorkloads(workloads).build();
    }

    ProbeSetResult result(SortedMap<String, TreeSet<String>> placed) {
        return new ProbeSetResult(
                problems,
                errors,
                expiry,
                isEnabled(),
                placed.values().stream().mapToInt(TreeSet::size).sum(),
                new TreeSet<>(placed.keySet()),
                hash,
                common.getAttach());
    }
}
