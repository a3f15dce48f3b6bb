package dev.spandrel.operator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What GitOps tools run, from {@code tests-e2e/gitops}: kstatus, Argo CD's Lua, Helm's templates. Built by {@code ./dev test api}. */
final class GitOpsPrograms {
    private static final Path BINARY = Path.of("../../.spandrel/gitops");
    private static final String HEALTH = "../../config/argocd/health.lua";

    private GitOpsPrograms() {}

    static void require() {
        if (!Files.isExecutable(BINARY)) {
            ApiServerRung.cannotRun(BINARY + " is not built; ./dev test api does");
        }
    }

    /** Current, InProgress, Failed, …: what Flux and kubectl-like tools wait for. */
    static String kstatus(String object) {
        return health(object, "kstatus");
    }

    /** Healthy, Progressing or Degraded, by the health check in config/argocd. */
    static String argocd(String object) {
        return health(object, "argocd", HEALTH);
    }

    /** A rendered chart. */
    static String helm(String chart, String namespace, String... settings) {
        return run(
                "",
                Stream.concat(Stream.of("helm", chart, namespace), Stream.of(settings))
                        .toList());
    }

    private static String health(String object, String... arguments) {
        return run(object, List.of(arguments)).split("\t")[0];
    }

    private static String run(String input, List<String> arguments) {
        List<String> command =
                Stream.concat(Stream.of(BINARY.toString()), arguments.stream()).toList();
        return ApiServerRung.checked(ApiServerRung.command(input, command));
    }
}
