import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** grpc-java with Netty: Client PORT. Writes METHOD CODE of each call as this side saw it end. Messages are bytes of grpc.testing's, so that nothing has to be generated. */
final class Client {
    private static final String SERVICE = "grpc.testing.TestService/";
    private static final int CALLS = 300;
    /** One message of nine bytes is asked for. */
    private static final byte[] ASKS_FOR_ONE = {0x12, 2, 0x08, 9};

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        AS_THEY_ARE;

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
    }

    public static void main(String[] arguments) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(arguments[0]))
                .usePlaintext()
                .build();
        try (var threads = Executors.newFixedThreadPool(20)) {
            for (var one : IntStream.range(0, CALLS)
                    .mapToObj(i -> threads.submit(() -> unary(channel, "EmptyCall", new byte[0])))
                    .toList()) one.get();
        }
        unary(channel, "UnaryCall", new byte[] {0x3a, 2, 0x08, 7});
        unary(channel, "UnimplementedCall", new byte[0]);
        serverStreams(channel);
        bothStream(channel, "OK");
        bothStream(channel, "CANCELLED");
        channel.shutdown().awaitTermination(5, TimeUnit.SECONDS);
    }

    private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
        return MethodDescriptor.newBuilder(Bytes.AS_THEY_ARE, Bytes.AS_THEY_ARE)
                .setType(type)
                .setFullMethodName(SERVICE + name)
                .build();
    }

    private static void unary(Channel channel, String name, byte[] request) {
        said(name, () -> ClientCalls.blockingUnaryCall(channel, method(MethodType.UNARY, name), CallOptions.DEFAULT, request));
    }

    private static void serverStreams(Channel channel) {
        said("StreamingOutputCall", () -> {
            Iterator<byte[]> all = ClientCalls.blockingServerStreamingCall(
                    channel, method(MethodType.SERVER_STREAMING, "StreamingOutputCall"), CallOptions.DEFAULT, ASKS_FOR_ONE);
            all.forEachRemaining(_ -> {});
        });
    }

    private static void bothStream(Channel channel, String ending) throws InterruptedException {
        var answered = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        var requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(method(MethodType.BIDI_STREAMING, "FullDuplexCall"), CallOptions.DEFAULT),
                new StreamObserver<byte[]>() {
                    @Override
                    public void onNext(byte[] message) {
                        answered.countDown();
                    }

                    @Override
                    public void onError(Throwable error) {
                        end(Status.fromThrowable(error));
                    }

                    @Override
                    public void onCompleted() {
                        end(Status.OK);
                    }

                    private void end(Status status) {
                        System.out.println(SERVICE + "FullDuplexCall " + status.getCode());
                        over.countDown();
                    }
                });
        requests.onNext(ASKS_FOR_ONE);
        answered.await();
        if (ending.equals("OK")) requests.onCompleted();
        else requests.onError(Status.CANCELLED.asRuntimeException());
        over.await();
    }

    private static void said(String name, Runnable call) {
        var code = Status.Code.OK;
        try {
            call.run();
        } catch (RuntimeException e) {
            code = Status.fromThrowable(e).getCode();
        }
        System.out.println(SERVICE + name + " " + code);
    }
}
