package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.ReplicasGrpc;
import dev.spandrel.operator.certificate.OtherAuthority;
import dev.spandrel.operator.hostile.RawCall;
import dev.spandrel.operator.push.FakeAgent;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets in, and who does not: tokens of a real API server. In each test an agent that is right stays connected all the while. */
final class SecurityIT {
    private GuardedOperator operator;
    private String node;
    private FakeAgent right;

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
    }

    @BeforeEach
    void start() throws IOException {
        operator = new GuardedOperator();
        node = operator.node("a");
        right = operator.agent(node, operator.token(node));
        RunningOperator.awaitThat(() -> operator.isConnected(node), connected -> connected);
    }

    @AfterEach
    void stop() {
        try (GuardedOperator ending = operator;
                FakeAgent leaving = right) {
            assertThat(leaving.isRunning())
                    .as("the right agent was not disturbed")
                    .isTrue();
        }
    }

    @Test
    void anotherNodesConfigurationIsRefused() {
        String other = operator.node("b");
        refused(operator.agent(other, operator.token(node)), Status.Code.PERMISSION_DENIED, "is not on node " + other);
        assertThat(operator.isConnected(other)).isFalse();
    }

    @Test
    void withoutATokenOrWithSomethingElse() {
        refused(operator.agent(node, ""), Status.Code.UNAUTHENTICATED, "send a service account's token");
        refused(operator.agent(node, "secret"), Status.Code.UNAUTHENTICATED, "not a service account's token");
        String token = operator.token(node);
        refused(
                operator.agent(node, token.substring(0, token.lastIndexOf('.') + 1) + "c2lnbmVk"),
                Status.Code.UNAUTHENTICATED,
                "the API server does not accept the token");
    }

    @Test
    void forAnotherAudience() {
        refused(
                operator.agent(node, operator.token(node, "spandrel-agent", "https://kubernetes.default.svc")),
                Status.Code.UNAUTHENTICATED,
                "the token is for [https://kubernetes.default.svc], and not for spandrel-operator");
    }

    @Test
    void ofAnotherAccount() {
        ApiServerRung.kubectl("", "create", "serviceaccount", "someone", "-n", GuardedOperator.NAMESPACE);
        refused(
                operator.agent(node, operator.token(node, "someone", GuardedOperator.AUDIENCE)),
                Status.Code.UNAUTHENTICATED,
                "agents run as system:serviceaccount:spandrel-system:spandrel-agent");
    }

    /** It may say what its agents said, and is none. */
    @Test
    void ofAnOperator() {
        refused(
                operator.agent(node, operator.token(node, "spandrel-operator", GuardedOperator.AUDIENCE)),
                Status.Code.PERMISSION_DENIED,
                "its own node only");
    }

    /** It speaks for its node, and for no other. */
    @Test
    void anAgentIsNoOperator() {
        try (RawCall call = new RawCall(
                operator.port(),
                GuardedOperator.credentials(GuardedOperator.bundle(), operator.token(node)),
                ReplicasGrpc.getShareMethod())) {
            assertThat(call.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void ofNoPod() {
        refused(operator.agent(node, operator.unboundToken()), Status.Code.UNAUTHENTICATED, "not bound to a pod");
    }

    @Test
    void ofAPodThatIsGone() {
        String other = operator.node("gone");
        String token = operator.token(other);
        operator.delete(other, "spandrel-agent");
        refused(operator.agent(other, token), Status.Code.UNAUTHENTICATED, "is the pod it was made for still there?");
    }

    @Test
    void expired() {
        String token = operator.token(node);
        operator.later(Duration.ofMinutes(11));
        refused(operator.agent(node, token), Status.Code.UNAUTHENTICATED, "the token expired at ");
    }

    @Test
    void withoutTls() {
        FakeAgent plain = new FakeAgent(operator.port(), InsecureChannelCredentials.create(), node, "");
        refused(plain, Status.Code.UNAVAILABLE, "");
    }

    @Test
    void whoTrustsAnotherAuthorityDoesNotTalk() {
        String other = OtherAuthority.bundle();
        FakeAgent agent =
                new FakeAgent(operator.port(), GuardedOperator.credentials(other, operator.token(node)), node, "");
        refused(agent, Status.Code.UNAVAILABLE, "");
    }

    private static void refused(FakeAgent agent, Status.Code code, String message) {
        try (agent) {
            Status status = agent.ended();
            assertThat(status.getCode()).as(status.toString()).isEqualTo(code);
            assertThat(String.valueOf(status.getDescription())).contains(message);
        }
    }
}
