package dev.spandrel.operator.hostile;

import dev.spandrel.contract.v1.NodeStreamGrpc;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The agents' call, with bytes of the test's own for messages. */
public final class RawCall implements AutoCloseable {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final ManagedChannel channel;
    private final ClientCall<byte[], byte[]> call;
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    public RawCall(int port, ChannelCredentials credentials) {
        this(port, credentials, NodeStreamGrpc.getConnectMethod());
    }

    public RawCall(int port, ChannelCredentials credentials, MethodDescriptor<?, ?> method) {
        channel =
                Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials).build();
        call = channel.newCall(method.toBuilder(BYTES, BYTES).build(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
    }

    public RawCall send(byte[] message) {
        call.sendMessage(message);
        return this;
    }

    /** How the server ended it. */
    public Status ended() {
        return ended.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
