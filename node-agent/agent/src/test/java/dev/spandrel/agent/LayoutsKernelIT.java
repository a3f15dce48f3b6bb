package dev.spandrel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.program.Backend;
import dev.spandrel.agent.program.KernelRung;
import dev.spandrel.ebpf.BpfObject;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every offset and number that the data half reads by, against the BTF of what the compiler made of the headers. */
class LayoutsKernelIT {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void theHeaders(Backend backend) {
        check(backend, KernelRung::stub);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theRealObjects(Backend backend) {
        check(backend, KernelRung::real);
    }

    private static void check(Backend backend, Function<Backend, byte[]> source) {
        KernelRung.require(backend);
        BpfObject object = BpfObject.open(source.apply(backend), "layouts");
        try {
            assertThat(Layouts.differences(object.btf())).isEmpty();
        } finally {
            object.close();
        }
    }
}
