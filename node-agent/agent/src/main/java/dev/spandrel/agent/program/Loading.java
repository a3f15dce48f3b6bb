package dev.spandrel.agent.program;

import dev.spandrel.ebpf.BpfObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Loads an object of the data path: by two threads, each with about half of what has to be verified. */
final class Loading {
    /** One of the first three is in each object, with HTTP in it; with the fourth it is about half. */
    private static final Set<String> HALF =
            Set.of("sp_protocol_http", "sp_sys_exit", "sp_protocol_plaintext", "sp_protocol_datagram");

    private static final String INDEX = "SP_PROGRAM_";

    private Loading() {}

    static BpfObject load(BpfObject object) {
        object.load(program -> !HALF.contains(program.name()));
        object.btf().enumeration("sp_program").ifPresent(indexes -> fill(object, indexes));
        return object;
    }

    /** Programs that others go on to are put where they look for them. */
    private static void fill(BpfObject object, Map<String, Long> indexes) {
        var table = object.map("sp_protocols");
        for (var program : object.programs()) {
            var index =
                    indexes.get(program.name().replace("sp_protocol_", INDEX).toUpperCase(Locale.ROOT));
            if (index != null) program.putInto(table, index.intValue());
        }
    }
}
