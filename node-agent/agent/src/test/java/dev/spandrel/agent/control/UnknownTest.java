package dev.spandrel.agent.control;

import static dev.spandrel.agent.control.Workloads.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.Workload;
import org.junit.jupiter.api.Test;

class UnknownTest {
    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    @Test
    void whatANewerOperatorSaysIsNamedWhereverItStands() throws Exception {
        Workload workload = at("/a", config -> config.setUnknownFields(NEWER).addProtocolsValue(29));
        Push push = Push.newBuilder()
                .addWorkloads(workload)
                .addWorkloads(at("/b"))
                .setUnknownFields(NEWER)
                .build();
        assertThat(Unknown.in(Push.parseFrom(push.toByteArray())))
                .containsExactly("Push.1000", "TraceConfig.1000", "protocol 29");
    }

    @Test
    void ofItsOwnContractItKnowsAll() {
        assertThat(Unknown.in(Push.newBuilder().addWorkloads(at("/a")).build())).isEmpty();
        assertThat(Unknown.known()).contains(1, 19);
        assertThat(Unknown.knownProtocols()).contains(1, 2).doesNotContain(0, 31);
    }
}
