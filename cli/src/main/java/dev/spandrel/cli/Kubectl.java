package dev.spandrel.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * kubectl does what has to do with the cluster: it knows every way to log in, those who run {@code kubectl spandrel} have it, and it starts
 * faster than a Kubernetes client of ours would.
 */
record Kubectl(String program, Optional<String> kubeconfig, Optional<String> context) {
    private static final String OPERATOR = "app.kubernetes.io/name=spandrel-operator";
    private static final String PORT = "inspect";
    private static final Pattern FORWARDING = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) -> .*");

    /** A port of this machine that leads to a pod's, as long as it is open. */
    record Forward(String pod, Connection.Address address, Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
        }
    }

    String namespace() {
        String namespace = run("config", "view", "--minify", "-o", "jsonpath={..namespace}");
        return namespace.isEmpty() ? "default" : namespace;
    }

    /** Of the kubeconfig's user; empty for one that logs in by other means. */
    String token() {
        Map<String, String> user = run(
                        "config",
                        "view",
                        "--raw",
                        "--minify",
                        "-o",
                        "jsonpath=token={.users[*].user.token}{'\\n'}file={.users[*].user.tokenFile}")
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        return user.get("file").isEmpty() ? user.get("token") : read(Path.of(user.get("file")));
    }

    /** @param account NAMESPACE/NAME */
    String tokenOf(String account) {
        int slash = account.indexOf('/');
        if (slash <= 0) {
            throw new Failure(Exit.USAGE, "--service-account: '" + account + "' is not NAMESPACE/NAME");
        }
        return run("create", "token", account.substring(slash + 1), "-n", account.substring(0, slash));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Failure(Exit.REFUSED, "the token of your kubeconfig cannot be read: " + e.getMessage());
        }
    }

    /**
     * To every replica of the operator that runs.
     *
     * @param meanwhile what can be done while kubectl starts
     */
    List<Forward> forwardToAll(String namespace, Runnable meanwhile) {
        Process listing = start(
                "get",
                "pods",
                "-n",
                namespace,
                "-l",
                OPERATOR,
                "--field-selector",
                "status.phase=Running",
                "-o",
                "name");
        meanwhile.run();
        List<String> pods = output("kubectl get pods", listing).lines().toList();
        if (pods.isEmpty()) {
            throw new Failure(
                    Exit.NO_OPERATOR,
                    "no operator runs in namespace " + namespace + ": kubectl get pods -A -l " + OPERATOR
                            + " finds it; then --operator-namespace NAME, or --operator HOST:PORT for one outside the cluster");
        }
        // All at once, then each is waited for.
        Map<String, Process> processes = new LinkedHashMap<>();
        pods.forEach(pod -> processes.put(pod, endedWithUs(start("port-forward", "-n", namespace, pod, ":" + PORT))));
        return forwards(processes);
    }

    /** Those that come about; a replica that is about to go may refuse. */
    private static List<Forward> forwards(Map<String, Process> processes) {
        List<Forward> forwards = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        processes.forEach((pod, process) -> {
            try {
                forwards.add(new Forward(pod, forwarded(pod, process), process));
            } catch (Failure e) {
                failures.add(e);
            }
        });
        if (forwards.isEmpty()) {
            throw failures.getFirst();
        }
        return forwards;
    }

    /** Also if we are ended. */
    private static Process endedWithUs(Process process) {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    private static Connection.Address forwarded(String pod, Process process) {
        try {
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            for (String line; (line = output.readLine()) != null; ) {
                Matcher port = FORWARDING.matcher(line);
                if (port.matches()) {
                    return new Connection.Address("127.0.0.1", Integer.parseInt(port.group(1)));
                }
            }
            throw failed("kubectl port-forward " + pod, process);
        } catch (IOException e) {
            throw new Failure(Exit.NO_OPERATOR, "kubectl port-forward " + pod + ": " + e.getMessage());
        }
    }

    private String run(String... arguments) {
        return output("kubectl " + arguments[0] + " " + arguments[1], start(arguments));
    }

    private static String output(String what, Process process) {
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw failed(what, process);
            }
            return output.strip();
        } catch (IOException | InterruptedException e) {
            throw new Failure(Exit.NO_OPERATOR, what + ": " + e.getMessage());
        }
    }

    private static Failure failed(String what, Process process) {
        String error = process.errorReader(StandardCharsets.UTF_8)
                .lines()
                .reduce((_, last) -> last)
                .orElse("it ended without a word");
        Exit exit = error.contains("Forbidden") || error.contains("forbidden") ? Exit.REFUSED : Exit.NO_OPERATOR;
        return new Failure(exit, what + ": " + error);
    }

    private Process start(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        kubeconfig.ifPresent(file -> command.add("--kubeconfig=" + file));
        context.ifPresent(name -> command.add("--context=" + name));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new Failure(
                    Exit.NO_OPERATOR,
                    "kubectl is needed to reach the cluster, and cannot be run (" + e.getMessage()
                            + "): install it, or give --operator HOST:PORT and -n NAME");
        }
    }
}
