package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Real kubectl against the API server of KUBECONFIG. */
record Kubectl(String kubeconfig) {
    record Result(int exit, String output) {}

    static Kubectl fromEnvironment() {
        String kubeconfig = System.getenv("KUBECONFIG");
        assertThat(kubeconfig)
                .as("KUBECONFIG names a cluster: ./dev cluster up")
                .isNotBlank();
        return new Kubectl(kubeconfig);
    }

    Result tryRun(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String run(String... arguments) {
        return succeeded(tryRun("", arguments));
    }

    String apply(String yaml) {
        return succeeded(tryRun(yaml, "apply", "-f", "-"));
    }

    private static String succeeded(Result result) {
        assertThat(result.exit()).as(result.output()).isZero();
        return result.output();
    }
}
