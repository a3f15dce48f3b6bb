package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpServer;
import dev.spandrel.probe.live.profile.Frame;
import dev.spandrel.probe.live.profile.Profile;
import dev.spandrel.probe.live.profile.Site;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real receiver on loopback that answers as it is told. */
class ProfileExportTest {
    private final List<Long> received = Collections.synchronizedList(new ArrayList<>());
    private final Queue<CollectedProfile> fresh = new ArrayDeque<>();
    private volatile int status = 200;
    private HttpServer server;
    private ProfileExport export;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1development/profiles", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (status == 200) received.addAll(values(body));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        var config = DefaultConfigProperties.createFromMap(Map.of(
                "otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "otel.exporter.otlp.protocol",
                "http/protobuf"));
        export = new ProfileExport(OtlpReceiver.ofProfiles(config), this::taken, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        export.close();
        server.stop(0);
    }

    private List<CollectedProfile> taken() {
        List<CollectedProfile> all = List.copyOf(fresh);
        fresh.clear();
        return all;
    }

    private static List<Long> values(byte[] body) throws InvalidProtocolBufferException {
        return ExportProfilesServiceRequest.parseFrom(body).getResourceProfilesList().stream()
                .flatMap(one -> one.getScopeProfiles(0).getProfiles(0).getSamplesList().stream())
                .map(sample -> sample.getValues(0))
                .toList();
    }

    @Test
    void waitsForAReceiverThatIsAway() {
        status = 503;
        fresh.add(profile(1));
        export.doWork();
        fresh.add(profile(2));
        export.doWork();
        assertThat(received).isEmpty();
        status = 200;
        fresh.add(profile(3));
        export.doWork();
        assertThat(received).containsExactly(1L, 2L, 3L);
        assertThat(export.lost()).isZero();
    }

    @Test
    void countsWhatIsRefused() {
        status = 404;
        fresh.add(profile(1));
        export.doWork();
        assertThat(export.lost()).isEqualTo(1);
        status = 200;
        fresh.add(profile(2));
        export.doWork();
        assertThat(received).containsExactly(2L);
    }

    private static CollectedProfile profile(long value) {
        Site site = new Site(List.of(Frame.kernel("f")), new TreeMap<>(), Optional.empty());
        return new CollectedProfile(
                Resource.empty(),
                InstrumentationScopeInfo.create("scope"),
                new Profile("cpu", "count", Map.of(site, value)),
                0,
                1);
    }
}
