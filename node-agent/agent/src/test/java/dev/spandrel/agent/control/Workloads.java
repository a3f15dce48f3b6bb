package dev.spandrel.agent.control;

import dev.spandrel.agent.workload.Cgroup;
import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.HeaderMatch;
import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.Role;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Workloads and cgroups for tests. */
final class Workloads {
    static final String UID = "11111111-2222-3333-4444-555555555555";

    private Workloads() {}

    static Workload at(String path) {
        return at(path, UnaryOperator.identity());
    }

    static Workload at(String path, UnaryOperator<TraceConfig.Builder> change) {
        return Workload.newBuilder()
                .setId("cgroup" + path)
                .setCgroupPath(path)
                .setConfig(change.apply(config()))
                .build();
    }

    static Workload pod(String uid) {
        return Workload.newBuilder()
                .setId("pod/" + uid)
                .setPodUid(uid)
                .setConfig(config())
                .build();
    }

    static TraceConfig.Builder config() {
        return TraceConfig.newBuilder()
                .setPolicy("shop/traces")
                .setEnabled(true)
                .addProtocols(Protocol.PROTOCOL_HTTP)
                .addRoles(Role.ROLE_SERVER)
                .addRoles(Role.ROLE_CLIENT)
                .setThreshold(1L << 55)
                .setMaxSpansPerSecond(200)
                .setServerErrorFrom(500)
                .setClientErrorFrom(400)
                .setCreate(Create.CREATE_ALWAYS)
                .setMetrics(true)
                .setSearchBytes(4096);
    }

    static HeaderMatch match(String name, String value) {
        return HeaderMatch.newBuilder().setName(name).setValue(value).build();
    }

    static NodeConfig node(Workload... workloads) {
        return NodeConfig.newBuilder()
                .setVersion("v" + Arrays.hashCode(workloads))
                .addAllWorkloads(List.of(workloads))
                .build();
    }

    static List<Cgroup> tree(String... paths) {
        return Arrays.stream(paths).map(Workloads::cgroup).toList();
    }

    /** The id is made from the path, so that it is the same in each tree. */
    static Cgroup cgroup(String path) {
        return new Cgroup(path, Path.of("/mount" + path), id(path));
    }

    static long id(String path) {
        return Integer.toUnsignedLong(path.hashCode());
    }
}
