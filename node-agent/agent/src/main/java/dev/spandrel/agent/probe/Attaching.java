package dev.spandrel.agent.probe;

import dev.spandrel.agent.span.WallClock;
import dev.spandrel.contract.v1.ProbeConfig;
import dev.spandrel.probe.live.session.Refusal;
import dev.spandrel.probe.live.session.Session;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Attaches what is prepared: the new one sees before it takes over, and only then is the old one detached. Of one thread. */
final class Attaching {
    private final Owners owners;
    private final WallClock clock;
    private final LongSupplier wallNanos;
    private final LastWords lastWords;
    private final Consumer<PrintedRecord> log;

    Attaching(
            Owners owners, WallClock clock, LongSupplier wallNanos, LastWords lastWords, Consumer<PrintedRecord> log) {
        this.owners = owners;
        this.clock = clock;
        this.wallNanos = wallNanos;
        this.lastWords = lastWords;
        this.log = log;
    }

    /** What is to run in the place of another one. */
    record Place(String id, ProbeConfig probe, boolean wholeNode, Optional<RunningProbe> before) {
        Optional<WrittenProgram> written() {
            return before.flatMap(RunningProbe::written);
        }

        /** It only goes on, with other files. */
        boolean isSame() {
            return before.filter(one -> one.config().equals(probe)).isPresent();
        }

        InstrumentationScopeInfo scope() {
            return InstrumentationScopeInfo.create("dev.spandrel.probe/" + id.substring(id.indexOf('/') + 1));
        }
    }

    /** Throws a {@link Refusal} or a {@link dev.spandrel.ebpf.BpfException}; what was prepared is gone then, and what ran runs on. */
    RunningProbe attach(Place place, Preparation.Taken taken, Set<Long> cgroups) {
        return switch (taken) {
            case Preparation.Ready ready -> written(place, ready, cgroups);
            case Preparation.ReadyObject ready -> object(place, ready, cgroups);
        };
    }

    private RunningProbe written(Place place, Preparation.Ready ready, Set<Long> cgroups) {
        Session session = ready.version().session();
        Optional<WrittenProgram> before = place.written();
        try {
            session.select(cgroups);
            if (place.isSame()) session.resume();
            else session.start();
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        ProbeConfig probe = place.probe();
        Readings readings = before.map(WrittenProgram::readings)
                .filter(_ -> place.before().get().config().getExport().equals(probe.getExport()))
                .orElseGet(() -> Readings.of(probe, owners, wallNanos.getAsLong()));
        Set<String> lost = new HashSet<>();
        before.ifPresent(one -> one.session().maps().own().forEach(map -> lost.add(map.name())));
        lost.removeAll(session.maps().borrowed());
        RunningProbe next = running(
                place, new WrittenProgram(ready.version(), readings, owners, clock, place.scope()), ready.note());
        place.before().ifPresent(one -> {
            one.doWork();
            if (place.isSame()) next.goesOnFrom(one);
            if (before.isEmpty() || !lost.isEmpty()) lastWords.of(one, wallNanos.getAsLong());
        });
        session.takeOver(
                before.filter(_ -> place.before().get().isOpen()).map(WrittenProgram::session),
                ready.version().number());
        place.before().ifPresent(RunningProbe::close);
        readings.restart(lost, wallNanos.getAsLong());
        return next;
    }

    private RunningProbe object(Place place, Preparation.ReadyObject ready, Set<Long> cgroups) {
        try {
            ready.session().select(cgroups);
            ready.session().start();
        } catch (RuntimeException e) {
            ready.session().close();
            throw e;
        }
        place.before().ifPresent(one -> {
            one.doWork();
            one.stop(dev.spandrel.contract.v1.ProbeState.PROBE_STATE_ENDED, "");
            lastWords.of(one, wallNanos.getAsLong());
            one.close();
        });
        var program =
                new ObjectProgram(ready.session(), place.probe(), owners, clock, place.scope(), wallNanos.getAsLong());
        return running(place, program, "");
    }

    private RunningProbe running(Place place, Program program, String note) {
        return new RunningProbe(place.id(), place.probe(), place.wholeNode(), program, note, log);
    }
}
