package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The last good node config on disk: what the agent runs by until the operator answers. */
public record StateFile(Path directory) {
    private static final System.Logger LOG = System.getLogger("dev.spandrel.agent.control");
    private static final String NAME = "node-config.binpb";

    /** /var/lib/spandrel, or .spandrel in the working directory where that cannot be written. */
    public static StateFile standard() {
        var system = Path.of("/var/lib/spandrel");
        try {
            Files.createDirectories(system);
            if (Files.isWritable(system)) return new StateFile(system);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no " + system, e);
        }
        return new StateFile(Path.of(".spandrel").toAbsolutePath());
    }

    /** Empty where there is none; one that cannot be read is reported and as good as none. */
    public Optional<NodeConfig> load() {
        try {
            return Optional.of(NodeConfig.parseFrom(Files.readAllBytes(directory.resolve(NAME))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the node config kept in {0} cannot be read, waiting for the operator: {1}",
                    directory,
                    e);
            return Optional.empty();
        }
    }

    void save(NodeConfig config) {
        try {
            Files.createDirectories(directory);
            var next = directory.resolve(NAME + ".next");
            Files.write(next, config.toByteArray());
            Files.move(
                    next, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the node config cannot be kept in {0}: {1}", directory, e);
        }
    }
}
