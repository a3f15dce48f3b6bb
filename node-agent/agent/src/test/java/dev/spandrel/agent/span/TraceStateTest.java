package dev.spandrel.agent.span;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.protocol.http.RequestHead;
import org.junit.jupiter.api.Test;

class TraceStateTest {
    private static final String HALF = "0x80000000000000";

    @Test
    void theThresholdIsSaidWhereTheTraceIdReachesIt() {
        assertThat(of(sampled("ff80000000000000").with("threshold", HALF))).isEqualTo("ot=th:8");
        assertThat(of(sampled("00ffffffffffffff").with("threshold", HALF))).isEqualTo("ot=th:8");
        assertThat(of(sampled("0000000000000000"))).isEqualTo("ot=th:0");
    }

    @Test
    void chanceSaysNothingAboutATraceWhoseIdDoesNotReachTheThreshold() {
        assertThat(of(sampled("ff7fffffffffffff").with("threshold", HALF))).isEmpty();
        assertThat(of(withHeader(sampled("007fffffffffffff").with("threshold", HALF))))
                .isEqualTo("v=1,ot=rv:7fffffffffffff;th:4");
    }

    @Test
    void theIncomingStateIsKeptAndItsThresholdReplaced() {
        assertThat(of(withHeader(sampled("00ffffffffffffff").with("threshold", HALF))))
                .isEqualTo("ot=th:8;rv:7fffffffffffff,v=1");
    }

    @Test
    void spansKeptForAnotherReasonSayNothing() {
        assertThat(of(sampled("00ffffffffffffff").with("threshold", HALF).with("keep", "4")))
                .isEmpty();
        assertThat(of(sampled("00ffffffffffffff").with("threshold", HALF).with("keep", "0x11")))
                .isEmpty();
    }

    private static ExchangeBytes sampled(String lowHalf) {
        return new ExchangeBytes().with("trace_id", "4bf92f3577b34da6" + lowHalf);
    }

    private static ExchangeBytes withHeader(ExchangeBytes exchange) {
        return exchange.with("parent", "header")
                .head("GET / HTTP/1.1\r\ntracestate: v=1,ot=rv:7fffffffffffff;th:4\r\n\r\n");
    }

    private static String of(ExchangeBytes bytes) {
        ExchangeRecord exchange = new ExchangeRecord().wrap(bytes.bytes(), 0);
        RequestHead head = new RequestHead().wrap(exchange.bytes(), exchange.headOffset(), exchange.headLength());
        return new TraceState().of(exchange, head).toString();
    }
}
