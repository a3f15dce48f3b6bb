package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerTest {
    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcdef", "ABCDEF", "abc", "", "container-1", "ж"})
    void anIdComesBackAsItWas(String id) {
        Container container = new Container("main", Optional.of(id));
        assertThat(container.id()).contains(id);
        assertThat(container)
                .isEqualTo(new Container("main", Optional.of(id)))
                .hasSameHashCodeAs(new Container("main", Optional.of(id)))
                .isNotEqualTo(new Container("main", Optional.of(id + "00")))
                .isNotEqualTo(new Container("main", Optional.empty()))
                .isNotEqualTo(new Container("other", Optional.of(id)));
    }
}
