package dev.spandrel.cli;

import dev.spandrel.contract.v1.ExplainRequest;
import dev.spandrel.contract.v1.Explanation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = {
            "What is in force for one pod: each field, the policy it comes from, and what the kernel of the pod's node holds.",
            "",
            "The node's agent reads the kernel's maps when you ask. A field marked ≠ is not in the kernel as it was compiled."
        })
final class Explain implements Callable<Integer> {
    @Parameters(paramLabel = "pod/NAME", description = "The pod.")
    private String pod = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Its Kubernetes namespace (default: that of the kubeconfig's context).")
    private String namespace = "";

    @Mixin
    private Format format;

    @Mixin
    private Connection connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ExplainRequest.Builder request = ExplainRequest.newBuilder().setPod(name());
        try (Replicas replicas = connection.open()) {
            request.setNamespace(namespace.isEmpty() ? connection.namespace() : namespace);
            Explanation explanation = Merge.explanations(replicas.ask(stub -> stub.explain(request.build())));
            spec.commandLine().getOut().print(format.of(explanation, ExplainText::of));
            return exit(explanation).code();
        }
    }

    private String name() {
        int slash = pod.indexOf('/');
        String kind = slash < 0 ? "pod" : pod.substring(0, slash);
        String name = pod.substring(slash + 1);
        if (name.isEmpty() || !(kind.equals("pod") || kind.equals("pods") || kind.equals("po"))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + pod + "' is no pod: pod/NAME; its workload's pods are listed by kubectl get pods");
        }
        return name;
    }

    static Exit exit(Explanation explanation) {
        return switch (explanation.getAgreement()) {
            case AGREEMENT_AGREES -> Exit.FINE;
            case AGREEMENT_DIFFERS -> Exit.NOT_FINE;
            case AGREEMENT_UNKNOWN, AGREEMENT_UNSPECIFIED, UNRECOGNIZED -> Exit.UNKNOWN;
        };
    }
}
