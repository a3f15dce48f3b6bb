package dev.spandrel.operator.certificate;

import dev.spandrel.operator.ApiServerRung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** cert-manager's own controllers on the cluster of KUBECONFIG, from {@code tests-e2e/certmanager}. Built by {@code ./dev test api}. */
final class CertManager implements AutoCloseable {
    private static final Path FOLDER = Path.of("../../.spandrel/certmanager");
    private static final int GRACE_SECONDS = 10;

    private final Process process;

    CertManager(Path log) throws IOException {
        Path binary = FOLDER.resolve("cert-manager");
        if (!Files.isExecutable(binary)) {
            ApiServerRung.cannotRun(binary + " is not built; ./dev test api does");
        }
        String definitions = FOLDER.resolve("crds.yaml").toString();
        ApiServerRung.run("apply", "--server-side", "-f", definitions);
        ApiServerRung.run("wait", "--for=condition=Established", "--timeout=30s", "-f", definitions);
        process = new ProcessBuilder(binary.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS))
                process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        ApiServerRung.run(
                "delete", "--wait=false", "-f", FOLDER.resolve("crds.yaml").toString());
    }
}
