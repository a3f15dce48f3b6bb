package dev.spandrel.probe.live.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.probe.live.session.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as kubelets lay them out. */
class PodsTest {
    private static final String UID = "3153e228-09ad-4a6d-ba36-09aa17ded56e";
    private static final String OTHER = "11111111-2222-3333-4444-555555555555";

    @TempDir
    Path folder;

    @Test
    void namesStandInTheFoldersOfLogs() throws IOException {
        Files.createDirectory(folder.resolve("shop_checkout_" + UID));
        Files.createDirectory(folder.resolve("test_checkout_" + OTHER));
        assertThat(Pods.uids(folder, "shop/checkout")).containsExactly(UID);
        assertThat(Pods.uids(folder, "checkout")).containsExactlyInAnyOrder(UID, OTHER);
        assertThat(Pods.uids(folder, "check")).isEmpty();
        assertThat(Pods.uids(folder.resolve("missing"), "checkout")).isEmpty();
    }

    @Test
    void cgroupsOfBothDriversAreFound() throws IOException {
        Path plain = Files.createDirectories(folder.resolve("kubepods/burstable/pod" + UID));
        Path systemd = Files.createDirectories(folder.resolve(
                "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + OTHER.replace('-', '_') + ".slice"));
        assertThat(Pods.below(folder, UID)).isEqualTo(plain);
        assertThat(Pods.below(folder, OTHER)).isEqualTo(systemd);
        assertThatThrownBy(() -> Pods.below(folder, UID.replace('3', '4'))).isInstanceOf(Refusal.class);
    }
}
