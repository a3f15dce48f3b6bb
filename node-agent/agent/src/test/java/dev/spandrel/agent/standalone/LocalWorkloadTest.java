package dev.spandrel.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalWorkloadTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void aSystemdServiceIsKnownByItsUnit() {
        var workload = new LocalWorkload("/system.slice/nginx.service", "nginx");

        assertThat(workload.labels())
                .isEqualTo(Map.of("cgroup", "nginx.service", "exe", "nginx", "unit", "nginx.service"));
        assertThat(workload.attributes()).containsEntry("service.name", "nginx");
    }

    @Test
    void aPlainCgroupIsKnownByItsName() {
        var workload = new LocalWorkload("/spandrel-demo/checkout", "python3.11");

        assertThat(workload.labels()).isEqualTo(Map.of("cgroup", "checkout", "exe", "python3.11"));
        assertThat(workload.attributes()).containsEntry("service.name", "checkout");
    }

    @Test
    void aContainerIsKnownByItsExecutable() {
        var workload = new LocalWorkload("/system.slice/docker-" + ID + ".scope", "node");

        assertThat(workload.labels()).containsEntry("container", ID).containsEntry("unit", "docker-" + ID + ".scope");
        assertThat(workload.attributes()).containsEntry("service.name", "node");
    }

    @Test
    void theRootIsKnownByItsExecutable() {
        var workload = new LocalWorkload("/", "init");

        assertThat(workload.labels()).isEqualTo(Map.of("cgroup", "/", "exe", "init"));
        assertThat(workload.attributes()).containsEntry("service.name", "init");
    }
}
