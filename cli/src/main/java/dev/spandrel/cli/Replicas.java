package dev.spandrel.cli;

import dev.spandrel.contract.v1.InspectionGrpc;
import dev.spandrel.contract.v1.InspectionGrpc.InspectionBlockingStub;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All replicas of the operator that could be found. */
final class Replicas implements AutoCloseable {
    /** An agent is given 3 s to answer. */
    private static final int SECONDS = 8;

    private final List<Replica> replicas;
    private final List<? extends AutoCloseable> ways;

    private final Supplier<String> token;

    private record Replica(String name, Connection.Address address, ManagedChannel channel) {}

    private Replicas(List<Replica> replicas, Supplier<String> token, List<? extends AutoCloseable> ways) {
        this.replicas = replicas;
        this.token = token;
        this.ways = ways;
    }

    /** @param token fetched for an operator that wants one */
    static Replicas at(List<Connection.Address> addresses, Supplier<String> token) {
        return new Replicas(
                addresses.stream()
                        .map(address -> replica("operator " + address, address))
                        .toList(),
                token,
                List.of());
    }

    /** Closes the ways too. */
    static Replicas forwarded(List<Kubectl.Forward> ways, Supplier<String> token) {
        return new Replicas(
                ways.stream()
                        .map(way -> replica("operator " + way.pod(), way.address()))
                        .toList(),
                token,
                ways);
    }

    /** Loads what a question needs. */
    static void load() {
        ManagedChannel nowhere =
                replica("", new Connection.Address("localhost", 1)).channel();
        InspectionGrpc.newBlockingStub(nowhere);
        nowhere.shutdownNow();
    }

    private static Replica replica(String name, Connection.Address address) {
        return new Replica(
                name,
                address,
                OkHttpChannelBuilder.forAddress(address.host(), address.port(), InsecureChannelCredentials.create())
                        .build());
    }

    /** The answers of those that answer; fails if none does. */
    <T> List<T> ask(Function<InspectionBlockingStub, T> question) {
        List<T> answers = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = replicas.stream()
                    .map(replica -> threads.submit(asking(replica, question)))
                    .toList();
            for (Future<T> future : futures) {
                try {
                    answers.add(future.get());
                } catch (ExecutionException e) {
                    failures.add(failure(e.getCause()));
                } catch (InterruptedException e) {
                    throw new Failure(Exit.NO_OPERATOR, "interrupted");
                }
            }
        }
        if (answers.isEmpty()) {
            throw failures.getFirst();
        }
        return answers;
    }

    private <T> Callable<T> asking(Replica replica, Function<InspectionBlockingStub, T> question) {
        return () -> {
            try {
                return answer(replica, question);
            } catch (StatusRuntimeException e) {
                throw failure(replica.name(), e.getStatus());
            }
        };
    }

    private <T> T answer(Replica replica, Function<InspectionBlockingStub, T> question) {
        InspectionBlockingStub stub = InspectionGrpc.newBlockingStub(replica.channel());
        try {
            return question.apply(stub.withDeadlineAfter(SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            // A token is shown to whom it is asked for by, and never sent over a network in plain text.
            if (e.getStatus().getCode() != Status.Code.UNAUTHENTICATED
                    || !replica.address().isLoopback()) {
                throw e;
            }
            String shown = token.get();
            if (shown.isEmpty()) {
                throw e;
            }
            return question.apply(stub.withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(shown))));
        }
    }

    private static Metadata bearer(String token) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return metadata;
    }

    private static Failure failure(Throwable cause) {
        return cause instanceof Failure failure ? failure : new Failure(Exit.NO_OPERATOR, String.valueOf(cause));
    }

    static Failure failure(String replica, Status status) {
        String said = Stream.of(
                        Optional.ofNullable(status.getDescription()),
                        Optional.ofNullable(status.getCause()).map(Throwable::getMessage))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> status.getCode().name());
        return switch (status.getCode()) {
            case NOT_FOUND, FAILED_PRECONDITION -> new Failure(Exit.NO_POD, said);
            case PERMISSION_DENIED, UNAUTHENTICATED -> new Failure(Exit.REFUSED, replica + ": " + said);
            case UNIMPLEMENTED ->
                new Failure(Exit.NO_OPERATOR, replica + " is older than this command and cannot be asked: update it");
            case DEADLINE_EXCEEDED ->
                new Failure(Exit.NO_OPERATOR, replica + " did not answer within " + SECONDS + " s; look at its log");
            default ->
                new Failure(
                        Exit.NO_OPERATOR,
                        replica + " does not answer: " + said
                                + "; the nodes go on with what they hold, and kubectl get tpol -A -o wide shows what was known last");
        };
    }

    @Override
    public void close() {
        replicas.forEach(replica -> replica.channel().shutdownNow());
        for (AutoCloseable way : ways) {
            try {
                way.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
