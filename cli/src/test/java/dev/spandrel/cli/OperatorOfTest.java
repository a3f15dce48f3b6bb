package dev.spandrel.cli;

import dev.spandrel.contract.v1.ExplainRequest;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.InspectionGrpc;
import dev.spandrel.contract.v1.ListNodesRequest;
import dev.spandrel.contract.v1.NodeList;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An operator that has nodes and one pod, shop/checkout-1. */
final class OperatorOfTest extends InspectionGrpc.InspectionImplBase implements AutoCloseable {
    private final Explanation explanation;
    private final Server server;

    OperatorOfTest(Explanation explanation) {
        this(explanation, "");
    }

    /** @param token without which it answers nothing */
    OperatorOfTest(Explanation explanation, String token) {
        this.explanation = explanation;
        try {
            server = OkHttpServerBuilder.forPort(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            InsecureServerCredentials.create())
                    .addService(ServerInterceptors.intercept(this, guard(token)))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerInterceptor guard(String token) {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                String shown = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
                if (token.isEmpty() || ("Bearer " + token).equals(shown)) {
                    return next.startCall(call, headers);
                }
                call.close(Status.UNAUTHENTICATED.withDescription("who are you?"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<Explanation> answer) {
        if (request.getNamespace().equals("shop") && request.getPod().equals("checkout-1")) {
            answer.onNext(explanation);
            answer.onCompleted();
        } else {
            answer.onError(Status.NOT_FOUND
                    .withDescription("namespace " + request.getNamespace() + " has no pod " + request.getPod())
                    .asRuntimeException());
        }
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<NodeList> answer) {
        answer.onNext(NodeList.newBuilder().addNodes(Answers.node("node-a")).build());
        answer.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
