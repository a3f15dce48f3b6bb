package dev.spandrel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** dnsmasq in a network of its own, and dig, glibc, dnspython, c-ares and Go: every question that dnsmasq's log names is a span at both ends, with its outcome. */
@Tag(OtherKernel.TAG)
final class DnsE2E {
    private static final Path PROGRAMS = Checkout.ROOT.resolve("tests-e2e/programs");
    private static final String BUILT =
            Checkout.ROOT.resolve(".spandrel/programs").toString();
    /** Questions about these have no answer, or none in time. */
    private static final Predicate<String> SILENT = line -> line.contains("silent.odd.test");

    private final TestCgroup world = TestCgroup.make("dns");
    private final TestCgroup server = world.child("server");
    private final TestCgroup client = world.child("client");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        client.close();
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socklen", "sysexit"})
    void everyQuestionIsASpanAtBothEnds(String backend) throws Exception {
        Talk talk = Talk.with(world.converse(
                PROGRAMS,
                List.of(
                        "dns/world.sh",
                        BUILT,
                        directory.toString(),
                        server.directory().toString(),
                        client.directory().toString())));
        talk.await("ready");
        Policies policies = Policies.in(directory);
        policies.write("server", server, "protocols: [DNS]");
        policies.write("client", client, "roles: [Client]");
        client.start(directory.resolve("client.out"), List.of("sleep", "600"));
        int before = log().size();
        try (AgentProcess agent = AgentProcess.standalone(directory, backend, policies)) {
            agent.awaitSelected(2);
            talk.say("go");
            talk.await("done");
            List<String> log = log();
            List<String> asked = DnsmasqLog.questions(log.subList(before, log.size()));
            compare(agent, asked);
            talk.say("bye");
        }
    }

    private static void compare(AgentProcess agent, List<String> asked) {
        assertThat(asked)
                .hasSizeGreaterThan(250)
                .contains("A nothing.here.test NXDOMAIN", "A fails.odd.test SERVFAIL", "AAAA shop.here.test -");
        Await.before(() -> timedOut(agent, Span.CLIENT, "53").size() >= 4
                && timedOut(agent, Span.SERVER, "53").size() >= 2);
        List<String> answered = asked.stream().filter(SILENT.negate()).toList();
        List<String> differences = new ArrayList<>();
        differences.addAll(Differences.of("the log and the server's spans", answered, seen(agent, Span.SERVER)));
        differences.addAll(Differences.of("the log and the clients' spans", answered, seen(agent, Span.CLIENT)));
        assertThat(differences).isEmpty();
        assertThat(agent.lost()).as("lost, by reason").isEmpty();
        assertThat(agent.spans())
                .allSatisfy(span ->
                        assertThat(span.attribute("network.protocol.name")).isEqualTo("dns"));
        assertThat(timedOut(agent, Span.CLIENT, "53")).as("glibc asks twice").hasSize(4);
        assertThat(timedOut(agent, Span.CLIENT, "5300")).as("dnsmasq, too").isNotEmpty();
        assertThat(agent.spans(span -> span.attribute("dns.question.name").equals("bare.odd.test")))
                .as("answered by number alone")
                .hasSize(3)
                .allSatisfy(span -> assertThat(span.attribute("error.type")).isEqualTo("REFUSED"));
        assertThat(agent.metric("dns_lookup_duration_seconds_count", "server_port=\"53\""))
                .isEqualTo(agent.spans(span -> span.kind() == Span.CLIENT && toDnsmasq(span))
                        .size());
    }

    private static List<Span> timedOut(AgentProcess agent, int kind, String port) {
        return agent.spans(span -> span.kind() == kind
                && span.attribute("server.port").equals(port)
                && span.attribute("error.type").equals("timeout"));
    }

    private static boolean toDnsmasq(Span span) {
        return span.attribute("server.port").equals("53");
    }

    /** TYPE NAME OUTCOME, of what was answered. */
    private static List<String> seen(AgentProcess agent, int kind) {
        return agent.spans(span -> span.kind() == kind && toDnsmasq(span)).stream()
                .map(span -> span.attribute("spandrel.dns.question.type") + " " + span.attribute("dns.question.name")
                        + " " + (span.attribute("error.type").isEmpty() ? "-" : span.attribute("error.type")))
                .filter(SILENT.negate())
                .toList();
    }

    private List<String> log() {
        return DnsmasqLog.lines(directory.resolve("queries.log"));
    }
}
