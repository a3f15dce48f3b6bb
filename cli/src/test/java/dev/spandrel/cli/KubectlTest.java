package dev.spandrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in kubectl's place: a port-forward needs a kubelet. */
final class KubectlTest {
    @TempDir
    Path directory;

    @Test
    void everyReplicaIsForwardedTo() throws IOException {
        Kubectl kubectl = kubectl("""
                case "$*" in
                  "--context=there get pods -n tracing -l "*) echo pod/operator-a; echo pod/operator-b ;;
                  *"port-forward -n tracing pod/operator-a :inspect") echo "Forwarding from 127.0.0.1:40001 -> 7071"; exec sleep 60 ;;
                  *"port-forward -n tracing pod/operator-b :inspect") echo "Forwarding from [::1]:1 -> 7071"; echo "Forwarding from 127.0.0.1:40002 -> 7071"; exec sleep 60 ;;
                  *) exit 9 ;;
                esac
                """);
        var forwards = kubectl.forwardToAll("tracing", () -> {});
        assertThat(forwards)
                .extracting(Kubectl.Forward::address)
                .containsExactly(
                        new Connection.Address("127.0.0.1", 40001), new Connection.Address("127.0.0.1", 40002));
        forwards.forEach(Kubectl.Forward::close);
        assertThat(forwards)
                .allSatisfy(forward ->
                        assertThat(forward.process().onExit().join().isAlive()).isFalse());
    }

    @Test
    void aReplicaThatIsGoingIsDoneWithout() throws IOException {
        Kubectl kubectl = kubectl("""
                case "$*" in
                  *"get pods"*) echo pod/going; echo pod/stays ;;
                  *pod/going*) echo "error: pod is not running" >&2; exit 1 ;;
                  *pod/stays*) echo "Forwarding from 127.0.0.1:40002 -> 7070"; exec sleep 60 ;;
                esac
                """);
        var forwards = kubectl.forwardToAll("tracing", () -> {});
        assertThat(forwards).extracting(Kubectl.Forward::pod).containsExactly("pod/stays");
        forwards.forEach(Kubectl.Forward::close);
    }

    @Test
    void noOperatorIsSaidToBeMissing() throws IOException {
        assertThatThrownBy(() -> kubectl("exit 0").forwardToAll("tracing", () -> {}))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exit()).isEqualTo(Exit.NO_OPERATOR))
                .hasMessageContaining("no operator runs in namespace tracing")
                .hasMessageContaining("--operator-namespace");
    }

    @Test
    void whatKubectlSaysIsHandedOn() throws IOException {
        assertThatThrownBy(() -> kubectl("echo 'Error from server (Forbidden): pods is forbidden' >&2; exit 1")
                        .forwardToAll("tracing", () -> {}))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exit()).isEqualTo(Exit.REFUSED))
                .hasMessageContaining("pods is forbidden");
    }

    @Test
    void theNamespaceIsThatOfTheContext() throws IOException {
        assertThat(kubectl("echo shop").namespace()).isEqualTo("shop");
        assertThat(kubectl("echo").namespace()).isEqualTo("default");
    }

    @Test
    void theTokenIsTheUsers() throws IOException {
        assertThat(kubectl("echo token=of-the-user; echo file=").token()).isEqualTo("of-the-user");
        assertThat(kubectl("echo token=; echo file=").token()).isEmpty();
        Path file = Files.writeString(directory.resolve("token"), "of-the-file\n");
        assertThat(kubectl("echo token=; echo file=" + file).token()).isEqualTo("of-the-file");
        assertThat(kubectl("[[ \"$*\" == *'create token asker -n shop' ]] && echo made")
                        .tokenOf("shop/asker"))
                .isEqualTo("made");
        assertThatThrownBy(() -> kubectl("").tokenOf("asker")).hasMessageContaining("is not NAMESPACE/NAME");
    }

    @Test
    void withoutKubectlItSaysSo() {
        assertThatThrownBy(() -> new Kubectl("/nonexistent/kubectl", Optional.empty(), Optional.empty()).namespace())
                .hasMessageContaining("kubectl is needed")
                .hasMessageContaining("--operator HOST:PORT");
    }

    private Kubectl kubectl(String script) throws IOException {
        Path file = Files.createTempFile(
                directory,
                "kubectl",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, "#!/bin/bash\n" + script);
        return new Kubectl(file.toString(), Optional.empty(), Optional.of("there"));
    }
}
