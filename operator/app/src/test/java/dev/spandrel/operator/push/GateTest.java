package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.identity.Refusals;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GateTest {
    private final Map<Integer, Visitor> visitors = new HashMap<>();
    private final List<Integer> closed = new ArrayList<>();
    private long now;
    private int told;

    private final class Visitor implements Gate.Guest {
        private final int port;

        private Visitor(int port) {
            this.port = port;
        }

        @Override
        public SocketAddress address() {
            return InetSocketAddress.createUnresolved("somewhere", port);
        }

        @Override
        public void close() {
            closed.add(port);
        }
    }

    private Gate gate(int connections, int strangers, int handshakes, int served) {
        Gate gate = new Gate(
                new Gate.Limits(connections, strangers, handshakes, served),
                () -> now,
                new Refusals(InstantSource.system()));
        gate.onRoom(() -> told++);
        return gate;
    }

    /** It says something, and is answered. */
    private void shakesHands(Gate gate, int port) {
        gate.spoke(visitor(port));
        gate.answered(visitor(port));
        gate.turn(visitor(port));
    }

    /** Comes in, and it is its turn to say something. */
    private void comes(Gate gate, int port) {
        assertThat(gate.isOpen()).isTrue();
        assertThat(gate.enter(visitor(port))).isTrue();
        gate.turn(visitor(port));
    }

    private Visitor visitor(int port) {
        return visitors.computeIfAbsent(port, Visitor::new);
    }

    private void after(Duration time) {
        now += time.toNanos() + 1;
    }

    @Test
    void theLongestSilentStrangerGivesWay() {
        Gate gate = gate(9, 2, 9, 9);
        comes(gate, 1);
        comes(gate, 2);
        assertThat(gate.isOpen()).as("nobody has been silent for long").isFalse();
        after(Strangers.SILENCE);
        gate.spoke(visitor(1));
        comes(gate, 3);
        assertThat(closed).containsExactly(2);
        assertThat(gate.isOpen()).as("the others spoke or are new").isFalse();
        assertThat(gate.connections()).isEqualTo(2);
    }

    @Test
    void whoWaitsForTheOperatorIsNotSilent() {
        Gate gate = gate(9, 2, 9, 9);
        comes(gate, 1);
        gate.spoke(visitor(1));
        gate.enter(visitor(2));
        after(Duration.ofHours(1));
        assertThat(gate.isOpen()).isFalse();
        assertThat(closed).isEmpty();
        shakesHands(gate, 1);
        gate.turn(visitor(2));
        after(Strangers.SILENCE);
        comes(gate, 3);
        assertThat(closed).as("who is in a handshake may think longer").containsExactly(2);
    }

    @Test
    void whileManyAreServedOthersWaitOutside() {
        Gate gate = gate(9, 9, 9, 2);
        comes(gate, 3);
        gate.enter(visitor(1));
        gate.enter(visitor(2));
        after(Strangers.SILENCE);
        assertThat(gate.isOpen()).isFalse();
        assertThat(closed).as("that would make no room").isEmpty();
        assertThat(told).isZero();
        gate.turn(visitor(1));
        assertThat(told).isOne();
        gate.turn(visitor(2));
        assertThat(told).as("once is enough").isOne();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void handshakesAreBoundedByThemselves() {
        Gate gate = gate(9, 9, 1, 9);
        comes(gate, 1);
        comes(gate, 2);
        shakesHands(gate, 2);
        after(Strangers.SILENCE);
        assertThat(gate.isOpen()).isFalse();
        assertThat(closed).as("the mute one is not in the way").isEmpty();
        after(Strangers.THINKING);
        assertThat(gate.isOpen()).isTrue();
        assertThat(closed).containsExactly(2);
    }

    @Test
    void whereAllThinkLongOneMayThinkLonger() {
        Gate gate = gate(99, 99, 1, 9);
        for (int port = 1; port <= 20; port++) {
            comes(gate, port);
            shakesHands(gate, port);
            now += Duration.ofSeconds(2).toNanos();
            gate.calls(visitor(port).address());
        }
        comes(gate, 21);
        shakesHands(gate, 21);
        after(Strangers.THINKING);
        assertThat(gate.isOpen()).isFalse();
        assertThat(closed).isEmpty();
        after(Strangers.THINKING.multipliedBy(2));
        assertThat(gate.isOpen()).isTrue();
        assertThat(closed).containsExactly(21);
    }

    @Test
    void whoSaysTooLittleToBeAnsweredIsMute() {
        Gate gate = gate(9, 1, 9, 9);
        comes(gate, 1);
        gate.spoke(visitor(1));
        gate.turn(visitor(1));
        after(Strangers.SILENCE);
        comes(gate, 2);
        assertThat(closed).containsExactly(1);
    }

    @Test
    void whoIsKnownMayBeSilent() {
        Gate gate = gate(4, 2, 9, 9);
        for (int port = 1; port <= 4; port++) {
            comes(gate, port);
            gate.calls(visitor(port).address());
        }
        after(Duration.ofHours(1));
        assertThat(gate.enter(visitor(5)))
                .as("the total is reached, and none is a stranger")
                .isFalse();
        assertThat(closed).isEmpty();
        gate.leave(visitor(2));
        assertThat(gate.enter(visitor(5))).isTrue();
    }

    @Test
    void whoIsRefusedIsAStrangerAgain() {
        Gate gate = gate(9, 1, 9, 9);
        comes(gate, 1);
        gate.calls(visitor(1).address());
        gate.refused(visitor(1).address());
        assertThat(gate.isOpen()).isFalse();
        after(Strangers.THINKING);
        comes(gate, 2);
        assertThat(closed).containsExactly(1);
    }

    @Test
    void whoLeftTakesNoRoom() {
        Gate gate = gate(9, 2, 9, 9);
        comes(gate, 1);
        comes(gate, 2);
        assertThat(gate.isOpen()).isFalse();
        gate.leave(visitor(1));
        assertThat(told).isOne();
        comes(gate, 3);
        assertThat(gate.connections()).isEqualTo(2);
    }
}
