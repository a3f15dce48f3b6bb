package dev.spandrel.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.operator.identity.Refusals;
import dev.spandrel.operator.push.Configs;
import dev.spandrel.operator.push.Door;
import dev.spandrel.operator.push.FakeAgent;
import dev.spandrel.operator.push.NodeStreams;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.operator.push.PushServer;
import dev.spandrel.policy.Compilation;
import dev.spandrel.policy.NodeTarget;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeMap;

/** The agents' streams behind a certificate, on a port of loopback. */
final class ServedStreams implements AutoCloseable {
    private final Nodes nodes = new Nodes(System::nanoTime, _ -> {});
    private final NodeStreams streams = new NodeStreams(nodes, new Refusals(InstantSource.system()));
    private final PushServer server;

    ServedStreams(ServingCertificate serving) throws IOException {
        var credentials = TlsServerCredentials.newBuilder()
                .keyManager(serving.keyManager())
                .build();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = PushServer.listen(new Door(address, credentials, Optional.empty(), Optional.empty()), streams);
    }

    /** @param bundle whom it trusts, PEM */
    FakeAgent agent(String bundle, String node) throws IOException {
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))
                .build();
        return new FakeAgent(server.port(), credentials, node, "");
    }

    /** A new configuration comes to this agent and is taken by it. */
    void push(FakeAgent agent, String node, String workloads) {
        TreeMap<String, NodeTarget> configs = new TreeMap<>();
        configs.put(node, Configs.of(workloads));
        nodes.target(Compilation.of(configs, new TreeMap<>()));
        agent.answer(agent.nextWithWorkloads());
    }

    /** What holds when a certificate was renewed: who comes now is served, and who was there before was never interrupted. */
    void serveOldAndNew(FakeAgent before, String bundle) throws IOException {
        try (FakeAgent after = agent(bundle, "after")) {
            push(after, "after", "b=1");
        }
        push(before, "before", "a=2");
        assertThat(before.isRunning()).as("its stream was never interrupted").isTrue();
    }

    @Override
    public void close() {
        server.close();
        streams.close();
    }
}
