package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.contract.v1.ProgramProblem;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.ebpf.BpfException;
import dev.spandrel.ebpf.BpfMap;
import dev.spandrel.ebpf.Cpus;
import dev.spandrel.probe.Compiler;
import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.object.ObjectSession;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.syntax.Diagnostic;
import dev.spandrel.probe.syntax.Source;
import dev.spandrel.probe.type.RequestContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A probe from its text to programs that the kernel has taken, attached to nothing yet. */
sealed interface Preparation {
    /** By the kernel. */
    sealed interface Taken extends Preparation {
        void close();
    }

    /** @param note for people: what was done to keep it in its limits; empty: nothing */
    record Ready(Version version, String note) implements Taken {
        @Override
        public void close() {
            version.session().close();
        }
    }

    record ReadyObject(ObjectSession session) implements Taken {
        @Override
        public void close() {
            session.close();
        }
    }

    record Refused(Rejection rejection) implements Preparation {}

    int FEWEST_KEYS = 16;
    Arch ARCH = Arch.of(System.getProperty("os.arch"));

    /** Of a compiled object. */
    static Preparation ofObject(String id, ProbeConfig config, HostFacts facts, boolean wholeNode) {
        try {
            return new ReadyObject(ObjectSession.load(
                    config.getObject().toByteArray(),
                    config.getName(),
                    facts,
                    config.getLimits().getMapBytes(),
                    wholeNode,
                    config.getConfined()));
        } catch (Refusal e) {
            return new Refused(refused(id, e));
        }
    }

    /**
     * @param before the version whose maps are taken where they agree
     * @param threads the data path's maps of what threads answer; empty: nobody knows
     */
    static Preparation of(
            String id,
            ProbeConfig config,
            HostFacts facts,
            Options.Managed managed,
            Optional<Session> before,
            Map<String, BpfMap> threads) {
        Source source = new Source(config.getName(), config.getProgram());
        Options.Managed bounded = managed;
        while (true) {
            Compiler.Result result = compile(source, config, facts, bounded, !threads.isEmpty());
            if (result.compiled().isEmpty()) {
                return new Refused(doesNotCompile(id, source, result));
            }
            Compiled compiled = result.compiled().get();
            long bytes = bytes(compiled);
            int keys = keys(compiled);
            if (bytes <= config.getLimits().getMapBytes()) {
                String note = note(bounded == managed ? OptionalInt.empty() : OptionalInt.of(keys), result);
                return load(id, source, result, compiled, facts, bounded, before, threads, note);
            }
            if (keys / 2 < FEWEST_KEYS) {
                return new Refused(refusal(id, "TooMuchMemory")
                        .setMessage("its maps need %d KiB with %d keys each, and mapMemory allows %d KiB"
                                .formatted(bytes >> 10, keys, config.getLimits().getMapBytes() >> 10))
                        .build());
            }
            bounded = managed.holding(keys / 2);
        }
    }

    /** How many the largest of its maps can hold. */
    private static int keys(Compiled compiled) {
        return compiled.maps().stream()
                .filter(map -> map.shape().isPresent())
                .mapToInt(MapSpec::entries)
                .max()
                .orElse(0);
    }

    /** @param keys fewer than the program asked for, if it got fewer */
    private static String note(OptionalInt keys, Compiler.Result result) {
        Stream<String> warnings = result.diagnostics().stream()
                .filter(one -> one.severity() == Diagnostic.Severity.WARNING)
                .map(Diagnostic::message);
        Stream<String> fewer =
                keys.stream().mapToObj(most -> "its maps hold at most " + most + " keys each, because of mapMemory");
        return Stream.concat(fewer, warnings).distinct().collect(Collectors.joining("; "));
    }

    private static Compiler.Result compile(
            Source source, ProbeConfig config, HostFacts facts, Options.Managed managed, boolean requests) {
        Options options = Options.DEFAULT
                .with(config.getParametersList())
                .with(new Options.Selection(Optional.empty(), false, Optional.of(managed)))
                .with(requests ? Optional.of(RequestContext.OF_AGENT) : Optional.empty());
        return Compiler.compile(source, facts, options, ARCH);
    }

    /** Of what the program asks for; what it is selected by is the agent's. */
    private static long bytes(Compiled compiled) {
        return compiled.maps().stream()
                .filter(map -> !map.name().equals(MapSpec.SELECTED) && map.kind() != MapSpec.Kind.GIVEN)
                .mapToLong(map -> map.bytes(Cpus.possible()))
                .sum();
    }

    private static Preparation load(
            String id,
            Source source,
            Compiler.Result result,
            Compiled compiled,
            HostFacts facts,
            Options.Managed managed,
            Optional<Session> before,
            Map<String, BpfMap> threads,
            String note) {
        try {
            Session session = Session.after(
                    before, source, compiled, facts, new Session.Scope(Optional.empty(), Optional.empty(), threads));
            return new Ready(
                    new Version(
                            session,
                            compiled,
                            KeyNames.of(result.program(), source),
                            facts.executables().asked(),
                            managed.number()),
                    note);
        } catch (Refusal e) {
            return new Refused(refused(id, e));
        } catch (BpfException e) {
            return new Refused(
                    refusal(id, "RefusedByKernel").setMessage(e.getMessage()).build());
        }
    }

    private static Rejection doesNotCompile(String id, Source source, Compiler.Result result) {
        List<ProgramProblem> problems = result.diagnostics().stream()
                .filter(one -> one.severity() == Diagnostic.Severity.ERROR)
                .map(one -> ProgramProblem.newBuilder()
                        .setLine(source.line(one.span().start()))
                        .setColumn(source.column(one.span().start()))
                        .setMessage(one.message()
                                + one.hint().map(hint -> " (" + hint + ")").orElse(""))
                        .build())
                .toList();
        return refusal(id, "DoesNotCompile")
                .setMessage(problems.getFirst().getMessage())
                .addAllProblems(problems)
                .build();
    }

    /** Also at the last step, when it is attached. */
    static Rejection refused(String id, Refusal refusal) {
        return refusal(id, "RefusedByKernel")
                .setMessage(refusal.reason())
                .addProblems(ProgramProblem.newBuilder()
                        .setLine(refusal.line())
                        .setColumn(refusal.column())
                        .setMessage(refusal.reason()))
                .build();
    }

    private static Rejection.Builder refusal(String id, String reason) {
        return Rejection.newBuilder().setWorkloadId(id).setReason(reason);
    }
}
