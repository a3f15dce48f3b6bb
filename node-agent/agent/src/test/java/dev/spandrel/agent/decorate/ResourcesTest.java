package dev.spandrel.agent.decorate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.agent.event.ExchangeBytes;
import dev.spandrel.agent.workload.Selected;
import dev.spandrel.agent.workload.WorkloadIndex;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    private static final String CONTAINER = "0123456789abcdef".repeat(4);

    private final WorkloadIndex workloads = new WorkloadIndex();
    private int lookups;
    private Optional<String> executable = Optional.of("nginx");
    private final Resources resources = new Resources(
            workloads,
            pid -> {
                lookups++;
                return executable;
            },
            "node-1");

    private TracedResource of(ExchangeBytes exchange) {
        return resources.of(exchange.segment(), 0);
    }

    private void select(Map<String, String> attributes) {
        var selected = new Selected(
                "pod/1", attributes, Map.of(CONTAINER, "web"), "shop/all", List.of("x-tenant-id"), List.of(), 0);
        workloads.replace(Map.of(77L, new WorkloadIndex.Place("/kubepods/pod1/" + CONTAINER, selected)));
    }

    @Test
    void workloadContainerProcessAndHost() {
        select(Map.of("service.name", "shop", "k8s.pod.name", "shop-1"));
        TracedResource resource = of(new ExchangeBytes());
        assertThat(resource.attributes())
                .containsEntry("service.name", "shop")
                .containsEntry("k8s.pod.name", "shop-1")
                .containsEntry("k8s.container.name", "web")
                .containsEntry("container.id", CONTAINER)
                .containsEntry("process.pid", 4242L)
                .containsEntry("process.executable.name", "nginx")
                .containsEntry("host.name", "node-1");
        assertThat(resource.requestHeaders()).hasSize(1);
    }

    @Test
    void theContainerCompletesTheInstanceUnlessSomebodyNamedIt() {
        select(Map.of("k8s.namespace.name", "shop", "k8s.pod.name", "shop-1"));
        assertThat(of(new ExchangeBytes()).attributes()).containsEntry("service.instance.id", "shop.shop-1.web");
        select(Map.of("k8s.namespace.name", "shop", "k8s.pod.name", "shop-1", "service.instance.id", "mine"));
        assertThat(of(new ExchangeBytes()).attributes()).containsEntry("service.instance.id", "mine");
    }

    @Test
    void aProcessThatIsGoneIsNamedByItsLastWords() {
        executable = Optional.empty();
        assertThat(of(new ExchangeBytes().with("comm", "short-lived")).attributes())
                .containsEntry("process.executable.name", "short-lived")
                .containsEntry("service.name", "short-lived");
    }

    @Test
    void oneLookUpPerProcessUntilItIsOldOrTheWorkloadChanged() {
        select(Map.of("service.name", "a"));
        TracedResource first = of(new ExchangeBytes());
        assertThat(of(new ExchangeBytes())).isSameAs(first);
        assertThat(lookups).isEqualTo(1);
        assertThat(of(new ExchangeBytes().with("ktime_ns", "60000000000")))
                .as("looked up anew, found equal")
                .isSameAs(first);
        assertThat(lookups).isEqualTo(2);
        select(Map.of("service.name", "b"));
        assertThat(of(new ExchangeBytes()).attributes()).containsEntry("service.name", "b");
    }
}
