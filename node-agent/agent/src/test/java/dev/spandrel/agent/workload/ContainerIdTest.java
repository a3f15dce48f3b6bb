package dev.spandrel.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerIdTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/kubepods/burstable/pod1/ID",
                "/kubepods.slice/kubepods-pod1.slice/cri-containerd-ID.scope",
                "/kubepods.slice/kubepods-pod1.slice/crio-ID.scope",
                "/system.slice/docker-ID.scope",
                "/docker/ID",
                "/ecs/task/ID/inner",
            })
    void isReadFromTheRuntimesNaming(String path) {
        assertThat(ContainerId.of(path.replace("ID", ID))).contains(ID);
    }

    @Test
    void otherCgroupsHaveNone() {
        assertThat(ContainerId.of("/")).isEmpty();
        assertThat(ContainerId.of("/system.slice/nginx.service")).isEmpty();
        assertThat(ContainerId.of("/docker/" + ID.substring(1))).isEmpty();
    }
}
