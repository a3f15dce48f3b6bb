package dev.spandrel.operator.inspect;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** The token of the call that is being served; empty if it has none. */
final class Bearer implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";
    private static final Context.Key<String> TOKEN = Context.keyWithDefault("token", "");

    static String current() {
        return TOKEN.get();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String header = headers.get(HEADER);
        String token = header != null && header.startsWith(SCHEME)
                ? header.substring(SCHEME.length()).strip()
                : "";
        return Contexts.interceptCall(Context.current().withValue(TOKEN, token), call, headers, next);
    }
}
