package dev.spandrel.agent.control;

import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Connections to the operator. What proves who is who is read again when it changes; open connections stay. */
final class OperatorChannel {
    private static final int PERIOD_SECONDS = 10;

    private OperatorChannel() {}

    /** @param thread looks at the files now and then */
    static ManagedChannel open(OperatorAddress operator, ScheduledExecutorService thread) {
        return Grpc.newChannelBuilder(
                        operator.hostAndPort(),
                        operator.identity()
                                .map(folder -> proving(folder, thread))
                                .orElseGet(InsecureChannelCredentials::create))
                .keepAliveTime(30, TimeUnit.SECONDS)
                .build();
    }

    private static ChannelCredentials proving(Path folder, ScheduledExecutorService thread) {
        try {
            AdvancedTlsX509TrustManager trusted =
                    AdvancedTlsX509TrustManager.newBuilder().build();
            var unused = trusted.updateTrustCredentials(
                    folder.resolve(OperatorAddress.AUTHORITIES).toFile(), PERIOD_SECONDS, TimeUnit.SECONDS, thread);
            return CompositeChannelCredentials.create(
                    TlsChannelCredentials.newBuilder().trustManager(trusted).build(),
                    new Token(folder.resolve(OperatorAddress.TOKEN)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    folder.resolve(OperatorAddress.AUTHORITIES) + " holds no certificates: " + e.getMessage(), e);
        }
    }

    /** Read for each stream: the kubelet writes a new one long before the old one ends. */
    private static final class Token extends CallCredentials {
        private static final Metadata.Key<String> HEADER =
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

        private final Path file;

        Token(Path file) {
            this.file = file;
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
            try {
                Metadata headers = new Metadata();
                headers.put(HEADER, "Bearer " + Files.readString(file).strip());
                applier.apply(headers);
            } catch (IOException e) {
                applier.fail(Status.UNAUTHENTICATED.withDescription("no token to be read: " + e));
            }
        }
    }
}
