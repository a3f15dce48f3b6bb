package dev.spandrel.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused without asking the API server, and how often that is asked. */
final class TokensTest {
    private static final String ACCOUNT = "system:serviceaccount:tracing:agent";
    private static final Verdict AGENT = new Verdict.Accepted(new Caller.Agent("n"));

    private final List<String> asked = new ArrayList<>();
    private Instant now = Instant.parse("2026-06-01T12:00:00Z");
    private Verdict answer = AGENT;
    private final Tokens tokens = new Tokens(new Accounts("tracing", "agent", "operator"), this::review, () -> now);

    private Verdict review(String token) {
        asked.add(token);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic YTpi",
                "Bearer ",
                "Bearer a.b",
                "Bearer a.b.c",
                "Bearer ..",
                "Bearer a.bnVsbA.c",
                "Bearer a.W10.c"
            })
    void noTokenAtAll(String header) {
        assertThat(tokens.judge(header)).isInstanceOf(Verdict.Refused.class);
        assertThat(tokens.judge(null)).isInstanceOf(Verdict.Refused.class);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spandrel-operator, system:serviceaccount:tracing:agent, -1, EXPIRED",
        "kubernetes, system:serviceaccount:tracing:agent, 600, WRONG_AUDIENCE",
        "spandrel-operator, system:serviceaccount:tracing:other, 600, WRONG_ACCOUNT",
        "spandrel-operator, system:serviceaccount:elsewhere:agent, 600, WRONG_ACCOUNT"
    })
    void whatCannotBeRight(String audience, String subject, long seconds, Refusal reason) {
        Verdict verdict = tokens.judge(header(audience, subject, seconds));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
        assertThat(asked).isEmpty();
    }

    @Test
    void whoWasAcceptedIsKnownForTenMinutesButNeverLongerThanTheToken() {
        String header = header("spandrel-operator", ACCOUNT, 900);
        assertThat(tokens.judge(header)).isEqualTo(AGENT);
        now = now.plus(Duration.ofSeconds(599));
        assertThat(tokens.judge(header)).isEqualTo(AGENT);
        assertThat(asked).hasSize(1);
        now = now.plus(Duration.ofSeconds(2));
        assertThat(tokens.judge(header)).isEqualTo(AGENT);
        assertThat(asked).hasSize(2);
        now = now.plus(Duration.ofSeconds(300));
        assertThat(tokens.judge(header)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void whoWasRefusedIsAskedAboutAgainAfterAMinute() {
        String header = header("spandrel-operator", ACCOUNT, 600);
        answer = new Verdict.Refused(Refusal.REJECTED, "not yet");
        assertThat(tokens.judge(header)).isEqualTo(answer);
        assertThat(tokens.judge(header)).isEqualTo(answer);
        assertThat(asked).hasSize(1);
        now = now.plus(Duration.ofSeconds(61));
        answer = AGENT;
        assertThat(tokens.judge(header)).isEqualTo(AGENT);
    }

    /** Many more than the cache has places at first. */
    @Test
    void anAnswerThatIsAwaitedKeepsNoOtherFromBeingGiven() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        Tokens patient = new Tokens(
                new Accounts("tracing", "agent", "operator"),
                token -> {
                    if (token.equals(token(601))) {
                        await(slow);
                    }
                    return AGENT;
                },
                () -> now);
        Thread waiting = Thread.startVirtualThread(() -> patient.judge("Bearer " + token(601)));
        for (int i = 700; i < 1_700; i++) {
            assertThat(patient.judge("Bearer " + token(i))).isEqualTo(AGENT);
        }
        assertThat(waiting.isAlive()).isTrue();
        slow.countDown();
        waiting.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anApiServerThatIsAwayIsAskedAgain() {
        String header = header("spandrel-operator", ACCOUNT, 600);
        answer = new Verdict.Refused(Refusal.UNCHECKED, "away");
        assertThat(tokens.judge(header)).isEqualTo(answer);
        answer = AGENT;
        assertThat(tokens.judge(header)).isEqualTo(AGENT);
    }

    private String header(String audience, String subject, long seconds) {
        String claims = "{\"aud\":[\"%s\"],\"sub\":\"%s\",\"exp\":%d}"
                .formatted(audience, subject, now.plusSeconds(seconds).getEpochSecond());
        return "Bearer e30." + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".sig";
    }

    private String token(long seconds) {
        return header("spandrel-operator", ACCOUNT, seconds).substring("Bearer ".length());
    }
}
