package dev.spandrel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a kubelet projects into the agent's pod: whom to trust, and a token of a pod on a node. */
record Identity(Path folder, Kubectl cluster, String namespace) {
    static Identity create(Path folder, Kubectl cluster, String namespace) {
        cluster.run("create", "serviceaccount", "spandrel-agent", "-n", namespace);
        return new Identity(folder, cluster, namespace);
    }

    /** Of a new pod on this node. */
    void write(String node) {
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: agent-%1$s, namespace: %2$s}
                spec: {nodeName: %1$s, serviceAccountName: spandrel-agent, containers: [{name: agent, image: agent}]}
                """.formatted(node, namespace));
        String uid = in("get", "pod", "agent-" + node, "-o", "jsonpath={.metadata.uid}");
        write("ca.crt", in("get", "configmap", "spandrel-ca", "-o", "jsonpath={.data.ca\\.crt}"));
        write(
                "token",
                in(
                        "create",
                        "token",
                        "spandrel-agent",
                        "--audience=spandrel-operator",
                        "--duration=10m",
                        "--bound-object-kind=Pod",
                        "--bound-object-name=agent-" + node,
                        "--bound-object-uid=" + uid));
    }

    private String in(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "-n";
        all[arguments.length + 1] = namespace;
        return cluster.run(all);
    }

    private void write(String file, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
