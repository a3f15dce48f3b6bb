package dev.spandrel.probe.live.object;

import dev.spandrel.ebpf.ProgramType;
import java.util.Optional;

/** What an object's program is attached to, as its section says. */
sealed interface Hook {
    /** What is taken, for people. */
    String ALL = "tracepoint/CATEGORY/NAME, tp/CATEGORY/NAME, raw_tracepoint/NAME, raw_tp/NAME and tp_btf/NAME";

    ProgramType type();

    record Tracepoint(String category, String name) implements Hook {
        @Override
        public ProgramType type() {
            return ProgramType.TRACEPOINT;
        }
    }

    record RawTracepoint(String name) implements Hook {
        @Override
        public ProgramType type() {
            return ProgramType.RAW_TRACEPOINT;
        }
    }

    record TypedTracepoint(String name) implements Hook {
        @Override
        public ProgramType type() {
            return ProgramType.TYPED_TRACEPOINT;
        }
    }

    /** Empty: of another kind. */
    static Optional<Hook> of(String section) {
        String[] parts = section.split("/", -1);
        return Optional.ofNullable(
                switch (parts[0]) {
                    case "tracepoint", "tp" -> parts.length == 3 ? new Tracepoint(parts[1], parts[2]) : null;
                    case "raw_tracepoint", "raw_tp" -> parts.length == 2 ? new RawTracepoint(parts[1]) : null;
                    case "tp_btf" -> parts.length == 2 ? new TypedTracepoint(parts[1]) : null;
                    default -> null;
                });
    }
}
