package dev.spandrel.agent.control;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the operator is, and by what the two know each other.
 *
 * @param hostAndPort HOST:PORT
 * @param identity folder with ca.crt, whom to trust, and token, who this is; both are read again when they change. Empty: no TLS and no proof, on this machine only
 */
public record OperatorAddress(String hostAndPort, Optional<Path> identity) {
    static final String AUTHORITIES = "ca.crt";
    static final String TOKEN = "token";

    /** Where a pod finds its identity. */
    private static final Path IN_A_POD = Path.of("/var/run/secrets/spandrel");

    /** Throws {@link IllegalArgumentException}, with a message for a person, where the two cannot know each other. */
    public static OperatorAddress of(String hostAndPort, Optional<Path> identity) {
        var folder = identity.or(() -> Optional.of(IN_A_POD).filter(Files::isDirectory));
        if (folder.isPresent()) {
            for (String file : new String[] {AUTHORITIES, TOKEN}) {
                if (!Files.isReadable(folder.get().resolve(file))) {
                    throw new IllegalArgumentException(
                            "no readable " + file + " in " + folder.get()
                                    + ": it holds ca.crt (of ConfigMap spandrel-ca) and token (of a service account, for audience spandrel-operator)");
                }
            }
        } else if (!isLoopback(hostAndPort)) {
            throw new IllegalArgumentException(
                    hostAndPort
                            + " is not a loopback address, so the two must prove who they are: give --identity DIR with ca.crt and token");
        }
        return new OperatorAddress(hostAndPort, folder);
    }

    private static boolean isLoopback(String hostAndPort) {
        String host = hostAndPort.replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", "");
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
