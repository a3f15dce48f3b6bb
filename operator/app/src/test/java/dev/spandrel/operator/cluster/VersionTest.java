package dev.spandrel.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VersionTest {
    @ParameterizedTest
    @CsvSource({
        "0f5d7b1e-93c4-4f53-a2ce-1c8be2a6d1f0, 18446, Numbers",
        "0f5d7b1e-93c4-4f53-a2ce-1c8be2a6d1f0, 99999999999999999999, Texts",
        "0F5D7B1E-93C4-4F53-A2CE-1C8BE2A6D1F0, 18446, Texts",
        "f5d7b1e-93c4-4f53-a2ce-1c8be2a6d1f0, 18446, Texts",
        "0f5d7b1e-93c4-4f53-a2ce-1c8be2a6d1f0, 007, Texts",
        "u-1, 1, Texts",
    })
    void whatItIsMadeOfComesBackAsItWas(String uid, String resourceVersion, String kind) {
        Version version = Version.of(uid, resourceVersion);
        assertThat(version.uid()).isEqualTo(uid);
        assertThat(version.resourceVersion()).isEqualTo(resourceVersion);
        assertThat(version.getClass().getSimpleName()).isEqualTo(kind);
    }
}
