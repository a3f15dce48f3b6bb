package dev.spandrel.agent.export;

import dev.spandrel.agent.event.ExchangeBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each golden record with some of its bytes changed, which is what Jazzer does at greater length, and what it found once. */
class RecordFuzzTest {
    private static final Path SEEDS = Path.of("target/fuzz/seeds");
    private static final int CHANGED = 2000;

    static Stream<Path> records() throws IOException {
        return SpanGoldenTest.cases();
    }

    @ParameterizedTest
    @MethodSource("records")
    void changedBytesAreNoTrouble(Path file) throws IOException {
        byte[] record = ExchangeBytes.parse(Files.readString(file)).bytes();
        // What Jazzer begins with.
        Files.createDirectories(SEEDS);
        Files.write(SEEDS.resolve(file.getFileName()), record);
        Random random = new Random(file.getFileName().toString().hashCode());
        for (int i = 0; i < CHANGED; i++) {
            byte[] changed = record.clone();
            for (int bytes = 1 + random.nextInt(8); bytes > 0; bytes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            RecordFuzz.fuzzerTestOneInput(
                    random.nextInt(4) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed);
        }
    }
}
