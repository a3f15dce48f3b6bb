package dev.spandrel.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code kubectl spandrel}: the plug-in as real kubectl finds and runs it, asking the operator on a port of this machine. */
record Spandrel(Kubectl cluster, int operatorPort) {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Result(int exit, String output, String error) {
        JsonNode json() {
            try {
                return JSON.readTree(output);
            } catch (JsonProcessingException e) {
                throw new AssertionError(this.toString(), e);
            }
        }
    }

    Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "spandrel"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--operator", "127.0.0.1:" + operatorPort));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", cluster.kubeconfig());
        builder.environment()
                .merge(
                        "PATH",
                        Checkout.ROOT.resolve("cli/bin").toString(),
                        (path, ours) -> ours + File.pathSeparator + path);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output, error.strip());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
