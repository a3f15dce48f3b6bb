package dev.spandrel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** One behaviour of the compiler: {@code <name>.policy.yaml} with {@code <name>.inventory.yaml}, or the common one. */
record Behaviour(String name, List<Policy> policies, Inventory inventory, Scope scope) {
    /** When all policies were written; they are compiled ten minutes later. */
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    static final Instant NOW = NOON.plusSeconds(600);

    static Behaviour read(Path policies) {
        PolicyFile file = PolicyFiles.parse(policies.getFileName().toString(), Golden.read(policies), NOON);
        assertThat(file.refusals()).isEmpty();
        String name = policies.getFileName().toString().replace(".policy.yaml", "");
        Path own = policies.resolveSibling(name + ".inventory.yaml");
        Path inventory = own.toFile().exists() ? own : Path.of("src/test/resources/compile/common.inventory.yaml");
        return new Behaviour(
                name,
                file.policies(),
                InventoryYaml.read(Golden.read(inventory)),
                name.startsWith("host-") ? Scope.HOST : Scope.CLUSTER);
    }
}
