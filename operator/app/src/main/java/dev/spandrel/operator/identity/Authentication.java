package dev.spandrel.operator.identity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.SocketAddress;
import java.time.InstantSource;

/** Lets only proven agents through, and puts {@link Caller} into the call's context. */
public final class Authentication implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Tokens tokens;
    private final Refusals refusals;
    private final Arrivals arrivals;

    Authentication(Tokens tokens, Refusals refusals, Arrivals arrivals) {
        this.tokens = tokens;
        this.refusals = refusals;
        this.arrivals = arrivals;
    }

    /** @param arrivals told of those who are refused */
    public static Authentication byTokenReview(
            KubernetesClient client, Accounts accounts, Refusals refusals, InstantSource clock, Arrivals arrivals) {
        return new Authentication(
                new Tokens(accounts, new TokenReviews(client, accounts)::judge, clock), refusals, arrivals);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String token = headers.get(HEADER);
        headers.discardAll(
                HEADER); // nobody else needs it, and a call keeps its headers for as long as its stream lives
        return switch (tokens.judge(token)) {
            case Verdict.Accepted(var caller) ->
                Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller), call, headers, next);
            case Verdict.Refused(var reason, var message) -> {
                arrivals.refused(from);
                refusals.refused(reason, String.valueOf(from), message);
                Status status = reason == Refusal.UNCHECKED ? Status.UNAVAILABLE : Status.UNAUTHENTICATED;
                call.close(status.withDescription(message), new Metadata());
                yield new ServerCall.Listener<>() {};
            }
        };
    }
}
