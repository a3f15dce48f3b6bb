package dev.spandrel.agent.probe;

import dev.spandrel.agent.export.CollectedProfile;
import dev.spandrel.agent.span.WallClock;
import dev.spandrel.ebpf.LoadedProgram;
import dev.spandrel.probe.live.session.Session;
import dev.spandrel.probe.live.show.Values;
import dev.spandrel.probe.output.Action;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A program in the probe language. Of one thread. */
final class WrittenProgram implements Program {
    private final Version version;
    private final Readings readings;
    private final Records records;
    private final Values values;
    private final InstrumentationScopeInfo scope;

    WrittenProgram(Version version, Readings readings, Owners owners, WallClock clock, InstrumentationScopeInfo scope) {
        this.version = version;
        this.readings = readings;
        this.scope = scope;
        this.values = Live.values(version, owners);
        this.records = new Records(version, owners, clock, scope);
    }

    private record Output(WrittenProgram program, Printing printing) implements Session.Output {
        @Override
        public void record(Action action, byte[] content) {
            switch (action) {
                case Action.PrintMap(var map, int _, long _) ->
                    program.readings.metrics().printed(map);
                case Action.Clear _, Action.Zero _, Action.Exit _ -> {}
                case Action.Formatted _, Action.PrintValue _, Action.Time _, Action.Join _ ->
                    printing.print(() -> program.records.of(action, content));
            }
        }

        @Override
        public void emptying(String map) {
            program.readings.settle(program.version, map);
        }
    }

    Session session() {
        return version.session();
    }

    Readings readings() {
        return readings;
    }

    @Override
    public void select(Set<Long> cgroups) {
        session().select(cgroups);
    }

    @Override
    public boolean poll(Printing printing) {
        return session().poll(new Output(this, printing));
    }

    @Override
    public void stop(Printing printing) {
        session().stop(new Output(this, printing));
    }

    @Override
    public Collection<LoadedProgram.Statistics> statistics() {
        return session().statistics().values();
    }

    @Override
    public long lost() {
        return session().maps().lost();
    }

    @Override
    public long full() {
        return session().maps().full();
    }

    @Override
    public List<MetricData> metrics(long now) {
        return readings.metrics().collect(version, values, scope, now);
    }

    @Override
    public List<CollectedProfile> profiles(long now) {
        return readings.profiles().collect(version, values, scope, now);
    }

    @Override
    public Map<String, Set<String>> files() {
        return version.files();
    }

    @Override
    public void close() {
        session().close();
    }
}
