package dev.spandrel.agent.control;

import dev.spandrel.contract.v1.NodeConfig;
import dev.spandrel.contract.v1.Rejection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who runs the probes of a node config. */
@FunctionalInterface
public interface ProbeTaker {
    /** Those probes that do not fit; the others run by the time it completes. */
    CompletableFuture<List<Rejection>> apply(NodeConfig config);
}
