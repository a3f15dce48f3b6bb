package dev.spandrel.e2e;

import java.util.UUID;

/** A Pod object of the real API server, and a cgroup laid out for its uid as a kubelet does: kubepods/burstable/pod(uid)/(container id). */
record PodFixture(Kubectl cluster, String namespace, String name, String uid, TestCgroup root, TestCgroup container)
        implements AutoCloseable {

    static PodFixture create(Kubectl cluster, String namespace, String node, String app) {
        String name = app + "-" + UUID.randomUUID().toString().substring(0, 8);
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: %s}}
                spec:
                  nodeName: %s
                  containers: [{name: web, image: nginx}]
                """.formatted(name, namespace, app, node));
        String uid = cluster.run("get", "pod", name, "-n", namespace, "-o", "jsonpath={.metadata.uid}");
        TestCgroup root = TestCgroup.make("kubepods");
        String container = UUID.randomUUID().toString().replace("-", "").repeat(2);
        TestCgroup cgroup = root.child("kubepods/burstable/pod" + uid + "/" + container);
        return new PodFixture(cluster, namespace, name, uid, root, cgroup);
    }

    @Override
    public void close() {
        container.close();
        root.close();
        cluster.run("delete", "pod", name, "-n", namespace, "--force", "--grace-period=0", "--ignore-not-found");
    }
}
