package dev.spandrel.cli;

import dev.spandrel.contract.v1.ListPoliciesRequest;
import dev.spandrel.contract.v1.PolicyList;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = {
            "The policies: in how many kernels each is, what share is sampled, how many pods, and what their nodes lost.",
            "The probe sets: on how many nodes each is attached, what its probes sent, lost and took of a CPU.",
            "",
            "Losses are counted by node since its agent started, for all policies that it has."
        })
final class Status implements Callable<Integer> {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Policies of this Kubernetes namespace (default: that of the kubeconfig's context).")
    private String namespace = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Policies of all of them.")
    private boolean all;

    @Mixin
    private Format format;

    @Mixin
    private Connection connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Replicas replicas = connection.open()) {
            String within = all ? "" : namespace.isEmpty() ? connection.namespace() : namespace;
            ListPoliciesRequest request =
                    ListPoliciesRequest.newBuilder().setNamespace(within).build();
            PolicyList policies = Merge.policies(replicas.ask(stub -> stub.listPolicies(request)));
            spec.commandLine().getOut().print(format.of(policies, list -> StatusText.of(list, within)));
            return exit(policies).code();
        }
    }

    /** An expired policy has done what it was to do. */
    static Exit exit(PolicyList policies) {
        return policies.getPoliciesList().stream()
                                .map(PolicyState::of)
                                .allMatch(state -> state == PolicyState.PROGRAMMED || state == PolicyState.EXPIRED)
                        && policies.getProbeSetsList().stream()
                                .map(ProbesText::state)
                                .allMatch(Set.of("attached", "expired", "off")::contains)
                ? Exit.FINE
                : Exit.NOT_FINE;
    }
}
