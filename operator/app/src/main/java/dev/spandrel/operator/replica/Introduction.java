package dev.spandrel.operator.replica;

import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** How one operator comes to another: as agents do, by TLS and a service account's token; on a loopback address by neither. */
public sealed interface Introduction {
    ManagedChannel to(Replica replica);

    record Open() implements Introduction {
        @Override
        public ManagedChannel to(Replica replica) {
            return Grpc.newChannelBuilder(replica.address(), InsecureChannelCredentials.create())
                    .build();
        }
    }

    /**
     * @param trusted certificates, PEM
     * @param token file
     * @param service name that all replicas' certificates have: an address is in none
     */
    record Proven(Supplier<String> trusted, Path token, String service) implements Introduction {
        private static final Metadata.Key<String> HEADER =
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

        @Override
        public ManagedChannel to(Replica replica) {
            try {
                ChannelCredentials tls = TlsChannelCredentials.newBuilder()
                        .trustManager(new ByteArrayInputStream(trusted.get().getBytes(StandardCharsets.US_ASCII)))
                        .build();
                return Grpc.newChannelBuilder(replica.address(), CompositeChannelCredentials.create(tls, bearer()))
                        .overrideAuthority(service)
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // the bytes are in memory
            }
        }

        /** Read for each call: the kubelet writes a new one long before the old one ends. */
        private CallCredentials bearer() {
            return new CallCredentials() {
                @Override
                public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
                    try {
                        Metadata headers = new Metadata();
                        headers.put(HEADER, "Bearer " + Files.readString(token).strip());
                        applier.apply(headers);
                    } catch (IOException e) {
                        applier.fail(Status.UNAUTHENTICATED.withDescription("no token to be read: " + e));
                    }
                }
            };
        }
    }
}
