package dev.spandrel.operator.identity;

import io.grpc.Context;

/** Who a call is from. */
public sealed interface Caller {
    Context.Key<Caller> KEY = Context.keyWithDefault("caller", new Unproven());

    /** The agent in a pod on this node, says the API server. */
    record Agent(String node) implements Caller {}

    /** Another operator. */
    record Replica() implements Caller {}

    /** Nobody asked: the server is on a loopback address, without TLS. */
    record Unproven() implements Caller {}

    /** Of the call that is being served. */
    static Caller current() {
        return KEY.get();
    }

    /** Whether it may have the configuration of this node. */
    default boolean mayBe(String node) {
        return switch (this) {
            case Agent(var own) -> own.equals(node);
            case Replica() -> false;
            case Unproven() -> true;
        };
    }

    /** Whether it may say what other nodes' agents said to it. */
    default boolean isReplica() {
        return switch (this) {
            case Agent _ -> false;
            case Replica(), Unproven() -> true;
        };
    }
}
