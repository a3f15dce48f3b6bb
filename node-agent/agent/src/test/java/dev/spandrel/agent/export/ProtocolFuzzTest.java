package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.FuzzInput;
import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.contract.v1.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Jazzer begins with, what it found once, and its target itself, which has to reach every protocol. */
class ProtocolFuzzTest {
    private static final Path SEEDS = Path.of("target/fuzz/protocol-seeds");
    private static final Path FOUND = Path.of("src/test/resources/fuzz");
    private static final int CHANGED = 500;

    static Set<Protocol> protocols() {
        return Set.copyOf(ProtocolNames.known());
    }

    @Test
    void theGoldenExchangesAreSeedsForEveryProtocol() throws IOException {
        Set<Protocol> seeded = EnumSet.noneOf(Protocol.class);
        Files.createDirectories(SEEDS);
        for (Path file : SpanGoldenTest.cases().toList()) {
            FuzzInput seed = FuzzInput.of(new ExchangeRecord()
                    .wrap(ExchangeBytes.parse(Files.readString(file)).bytes(), 0));
            seeded.add(seed.protocol());
            Files.write(SEEDS.resolve(file.getFileName()), seed.data());
            changed(seed.data(), new Random(file.getFileName().toString().hashCode()));
        }
        assertThat(seeded).containsExactlyInAnyOrderElementsOf(protocols());
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whatWasFoundOnceIsReadAsEveryProtocol(Protocol protocol) throws IOException {
        for (Path file : found()) {
            ProtocolFuzz.fuzz(new FuzzInput(Files.readAllBytes(file)), protocol);
        }
    }

    private static List<Path> found() throws IOException {
        try (Stream<Path> files = Files.list(FOUND)) {
            return files.filter(file -> file.toString().endsWith(".bin"))
                    .sorted()
                    .toList();
        }
    }

    private static void changed(byte[] seed, Random random) {
        for (int i = 0; i < CHANGED; i++) {
            byte[] changed = seed.clone();
            for (int bytes = 1 + random.nextInt(8); bytes > 0; bytes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            ProtocolFuzz.fuzzerTestOneInput(changed);
        }
    }
}
