package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.identity.Refusals;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GateTest {
    private final List<Integer> closed = new ArrayList<>();
    private long now;
    private final Gate gate = new Gate(4, 2, () -> now, new Refusals(InstantSource.system()));

    private record Visitor(int port, List<Integer> closed) implements Gate.Guest {
        @Override
        public SocketAddress address() {
            return InetSocketAddress.createUnresolved("somewhere", port);
        }

        @Override
        public void close() {
            closed.add(port);
        }
    }

    private boolean enters(int port) {
        return gate.enter(visitor(port));
    }

    private Visitor visitor(int port) {
        return new Visitor(port, closed);
    }

    private void later() {
        now += Gate.SILENCE.toNanos() + 1;
    }

    @Test
    void theLongestSilentStrangerGivesWay() {
        assertThat(enters(1)).isTrue();
        assertThat(enters(2)).isTrue();
        assertThat(enters(3)).as("nobody has been silent for long").isFalse();
        later();
        gate.spoke(visitor(1));
        assertThat(enters(4)).isTrue();
        assertThat(closed).containsExactly(2);
        assertThat(enters(5)).as("the others spoke or are new").isFalse();
        assertThat(gate.connections()).isEqualTo(2);
    }

    @Test
    void whoIsKnownMayBeSilent() {
        for (int port = 1; port <= 4; port++) {
            assertThat(enters(port)).isTrue();
            gate.asks(visitor(port).address());
        }
        later();
        assertThat(enters(5)).as("the total is reached, and none is a stranger").isFalse();
        assertThat(closed).isEmpty();
        gate.leave(visitor(2));
        assertThat(enters(5)).isTrue();
    }

    @Test
    void whoIsRefusedIsAStrangerAgain() {
        enters(1);
        gate.asks(visitor(1).address());
        gate.refused(visitor(1).address());
        enters(2);
        later();
        assertThat(enters(3)).isTrue();
        assertThat(closed).containsExactly(1);
    }

    @Test
    void whoLeftTakesNoRoom() {
        enters(1);
        enters(2);
        gate.leave(visitor(1));
        assertThat(enters(3)).isTrue();
        assertThat(gate.connections()).isEqualTo(2);
    }
}
