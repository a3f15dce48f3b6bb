package dev.spandrel.operator;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The cluster of KUBECONFIG, by kubectl. Says why a test cannot run here; with CI=true that is a failure. */
public final class ApiServerRung {
    private ApiServerRung() {}

    /** What a command of kubectl did. */
    public record Result(int code, String output, String errors) {}

    public static void require() {
        if (System.getenv("KUBECONFIG") == null) {
            cannotRun("KUBECONFIG is not set; ./dev cluster up prints one");
        }
        Result version = kubectl("", "version");
        if (version.code() != 0) {
            cannotRun("the cluster of KUBECONFIG does not answer: " + version.errors());
        }
    }

    /** Output of a command that must succeed. */
    public static String run(String... arguments) {
        return checked(kubectl("", arguments));
    }

    public static void apply(String yaml) {
        checked(kubectl(yaml, "apply", "-f", "-"));
    }

    static Result kubectl(String input, String... arguments) {
        return command(
                input, Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList());
    }

    /** Any command, with this text as its input. */
    static Result command(String input, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String checked(Result result) {
        if (result.code() != 0) {
            throw new AssertionError(result.errors());
        }
        return result.output();
    }

    public static void cannotRun(String why) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError("this rung should run in CI, but " + why);
        }
        abort("API server tests cannot run here: " + why);
    }
}
