package dev.spandrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line, over real connections on loopback. */
final class MainTest {
    private record Result(int exit, String out, String err) {}

    private static Result run(String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.run(new PrintWriter(out), new PrintWriter(err), line.split(" "));
        return new Result(exit, out.toString(), err.toString());
    }

    @Test
    void allReplicasAreAskedAndTheOneOfTheNodeIsShown() {
        try (OperatorOfTest one = new OperatorOfTest(Answers.unknown());
                OperatorOfTest other = new OperatorOfTest(Answers.agreed())) {
            Result result = run(
                    "explain pod/checkout-1 -n shop --operator 127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port());
            assertThat(result).isEqualTo(new Result(0, ExplainText.of(Answers.agreed()), ""));
        }
    }

    @Test
    void aReplicaThatDoesNotAnswerIsDoneWithout() {
        try (OperatorOfTest operator = new OperatorOfTest(Answers.agreed())) {
            Result result = run("nodes --operator 127.0.0.1:1 --operator 127.0.0.1:" + operator.port());
            assertThat(result.exit()).isZero();
            assertThat(result.out()).contains("node-a");
        }
    }

    @Test
    void failuresSayWhatToDo() {
        try (OperatorOfTest operator = new OperatorOfTest(Answers.agreed())) {
            String at = " --operator 127.0.0.1:" + operator.port();
            assertThat(run("explain pod/other -n shop" + at))
                    .isEqualTo(new Result(4, "", "spandrel: namespace shop has no pod other" + System.lineSeparator()));
            Result older = run("status -A" + at);
            assertThat(older.exit()).isEqualTo(3);
            assertThat(older.err()).contains("is older than this command").contains("update it");
        }
        Result nobody = run("nodes --operator 127.0.0.1:1");
        assertThat(nobody.exit()).isEqualTo(3);
        assertThat(nobody.err())
                .contains("operator 127.0.0.1:1 does not answer")
                .contains("kubectl get tpol");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "explain deployment/x | 'deployment/x' is no pod",
                "explain | Missing required parameter: 'pod/NAME'",
                "nodes --operator here | 'here' is not HOST:PORT",
                "nodes -o xml | expected one of",
                "nosuch | Unmatched argument"
            })
    void aWrongCommandLineIsRefused(String line, String reason) {
        Result result = run(line);
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains(reason).contains("--help").doesNotContain("Exception");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void helpTellsExitCodesAndExamples() {
        assertThat(run("--help").out())
                .contains("explain")
                .contains("3   no operator answers")
                .contains("jq");
        assertThat(run("explain --help").out()).contains("pod/NAME").contains("--operator");
    }
}
