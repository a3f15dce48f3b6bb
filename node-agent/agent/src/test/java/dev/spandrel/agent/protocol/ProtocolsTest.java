package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.contract.ProtocolNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolsTest {
    static Stream<String> names() {
        return ProtocolNames.known().stream().map(ProtocolNames::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasAReaderAGoldenExchangeAndARow(String name) throws IOException {
        assertThat(Protocols.named(name).getClass().getSimpleName()).isEqualToIgnoringCase(name);
        try (Stream<Path> golden = Files.list(Path.of("src/test/resources/golden/span"))) {
            assertThat(golden.map(file -> file.getFileName().toString()))
                    .as("golden exchanges are named after their protocol; those of HTTP/1 by what they show")
                    .anyMatch(file -> name.equals("HTTP") || file.startsWith(name.toLowerCase(Locale.ROOT) + "-"));
        }
        assertThat(Files.readString(Path.of("../../docs/protocols.md")))
                .contains("| `" + name.replaceFirst("[0-9]+$", "") + "` |");
    }

    @Test
    void aNumberThatNobodyKnowsIsReadAsHttp() {
        assertThat(new Protocols().of(0)).isInstanceOf(Http.class);
        assertThat(new Protocols().of(200)).isInstanceOf(Http.class);
        assertThat(new Protocols().of(2)).isInstanceOf(Postgresql.class);
    }

    @Test
    void aLineWithoutItsClassIsNamed() {
        assertThatThrownBy(() -> Protocols.named("GOPHER")).hasMessageContaining("protocol.Gopher");
    }
}
