package dev.spandrel.probe.live.tool;

import dev.spandrel.ebpf.Cgroup2;
import dev.spandrel.probe.live.session.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Pods of this node, without asking anybody: the kubelet names their cgroups by uid, and folders of their logs by namespace, name and uid. */
final class Pods {
    private static final Path LOGS = Path.of("/var/log/pods");
    private static final String UID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private Pods() {}

    static Path cgroup(String pod) {
        var uids = pod.matches(UID) ? List.of(pod) : uids(LOGS, pod);
        if (uids.isEmpty()) throw new Refusal("this node has no pod " + pod + " in " + LOGS);
        if (uids.size() > 1)
            throw new Refusal(
                    "there are several pods " + pod + ": give NAMESPACE/NAME, or one of " + String.join(", ", uids));
        var mount = Cgroup2.mount().orElseThrow(() -> new Refusal("cgroup v2 is not mounted"));
        return below(mount, uids.getFirst());
    }

    static List<String> uids(Path logs, String pod) {
        var found = new ArrayList<String>();
        try (var folders = Files.newDirectoryStream(logs)) {
            for (Path folder : folders) {
                var parts = folder.getFileName().toString().split("_", 3);
                if (parts.length == 3 && (pod.equals(parts[1]) || pod.equals(parts[0] + "/" + parts[1])))
                    found.add(parts[2]);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return found;
    }

    /** systemd's driver writes a uid with _ and a suffix. */
    static Path below(Path mount, String uid) {
        String systemd = uid.replace('-', '_');
        try (var tree = Files.find(mount, 6, (path, is) -> is.isDirectory() && isOf(path, uid, systemd))) {
            return tree.findFirst().orElseThrow(() -> new Refusal("there is no cgroup of pod " + uid));
        } catch (IOException | UncheckedIOException e) {
            throw new Refusal("the cgroups cannot be read: " + e.getMessage());
        }
    }

    private static boolean isOf(Path path, String uid, String systemd) {
        String name = path.getFileName().toString();
        return name.equals("pod" + uid) || name.endsWith("-pod" + systemd + ".slice");
    }
}
