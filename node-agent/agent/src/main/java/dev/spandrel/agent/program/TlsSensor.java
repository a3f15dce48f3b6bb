package dev.spandrel.agent.program;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.spandrel.ebpf.BpfObject;
import dev.spandrel.ebpf.BpfProgram;
import dev.spandrel.ebpf.Link;
import dev.spandrel.ebpf.UprobePlace;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs that see the plaintext of TLS libraries, beside a {@link Sensor} whose maps they share. Any thread. */
public final class TlsSensor {
    private static final List<String> SHARED = List.of(
            "sp_config",
            "sp_conns",
            "sp_rules",
            "sp_tasks",
            "sp_void",
            "sp_carry",
            "sp_heads",
            "sp_pipeline",
            "sp_requests",
            "sp_rates",
            "sp_counters",
            "sp_ring");

    private final BpfObject object;
    private final List<Link> links = new ArrayList<>();
    private boolean open = true;

    private TlsSensor(BpfObject object) {
        this.object = object;
    }

    static TlsSensor open(Backend backend, BpfObject beside) {
        var object = BpfObject.open(Sensors.packaged("tls_" + backend.id()), "spandrel_tls");
        try {
            SHARED.forEach(map -> object.share(beside, map));
            object.global("sp_agent_pid")
                    .set(JAVA_INT, 0, (int) ProcessHandle.current().pid());
            var sensor = new TlsSensor(object.load());
            for (var program : object.programs())
                if (program.section().startsWith("tp_btf")) sensor.links.add(program.attach());
            return sensor;
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** Empty once it is closed. */
    public synchronized Optional<Link> attach(String program, UprobePlace place) {
        if (!open) return Optional.empty();
        var link = object.program(program).attach(place);
        links.add(link);
        return Optional.of(link);
    }

    public synchronized void detach(List<Link> some) {
        if (!open) return;
        links.removeAll(some);
        some.forEach(Link::close);
    }

    public synchronized boolean isOpen() {
        return open;
    }

    synchronized void flush(Duration quiet) {
        if (!open) return;
        try (var arena = Arena.ofConfined()) {
            object.program("sp_flush").run(arena.allocateFrom(JAVA_LONG, quiet.toNanos()));
        }
    }

    synchronized List<BpfProgram> programs() {
        return open ? object.programs() : List.of();
    }

    synchronized void close() {
        if (!open) return;
        open = false;
        links.forEach(Link::close);
        links.clear();
        object.close();
    }
}
