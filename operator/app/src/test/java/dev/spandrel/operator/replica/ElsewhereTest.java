package dev.spandrel.operator.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.Seen;
import dev.spandrel.contract.v1.Shared;
import dev.spandrel.operator.push.Configs;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ElsewhereTest {
    private final Nodes here = new Nodes(() -> 0, _ -> {});
    private final Elsewhere elsewhere = new Elsewhere(() -> 0, _ -> {});
    private final StreamObserver<Seen> replica = elsewhere.share(new Ignored());

    /** A version says nothing of what is in it; but what was compiled here by that version is known here. */
    @Test
    void whatANodeElsewhereRunsByIsKnownIfItWasItsTargetHere() {
        NodeTarget first = Configs.of("a=1");
        compiled(first);
        seen(first.version());
        assertThat(held().workloads()).isEqualTo(first.workloads());
        compiled(Configs.of("a=2"));
        assertThat(held().workloads()).as("until it says another one").isEqualTo(first.workloads());
        seen(first.version());
        assertThat(held().workloads()).isEqualTo(first.workloads());
        seen("another");
        assertThat(held()).isEqualTo(NodeTarget.ofVersion("another"));
        seen(here.target("n1").version());
        assertThat(held()).isEqualTo(here.target("n1"));
        seen("");
        assertThat(elsewhere.progress(here, "n1").acknowledged()).isEmpty();
    }

    private void compiled(NodeTarget target) {
        here.target(Compilation.of(new TreeMap<>(Map.of("n1", target)), new TreeMap<>()));
    }

    private void seen(String version) {
        replica.onNext(Seen.newBuilder()
                .setNode("n1")
                .setConnected(true)
                .setVersion(version)
                .build());
    }

    private NodeTarget held() {
        return elsewhere.progress(here, "n1").acknowledged().orElseThrow();
    }

    /** The replica's end. */
    private static final class Ignored extends ServerCallStreamObserver<Shared> {
        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void onNext(Shared shared) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
