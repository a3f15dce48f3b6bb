package dev.spandrel.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPUs that may ever come online: per-CPU map values have a slot for each. */
public final class Cpus {
    private static final Path POSSIBLE_FILE = Path.of("/sys/devices/system/cpu/possible");

    private Cpus() {}

    public static int possible() {
        return Holder.POSSIBLE;
    }

    private static final class Holder {
        static final int POSSIBLE = read();

        /** Ranges as 0-3,8: the file itself, because a start of libbpf costs more than everything else that is asked here. */
        private static int read() {
            try {
                String ranges = Files.readString(POSSIBLE_FILE).strip();
                return count(ranges);
            } catch (IOException | NumberFormatException e) {
                throw new BpfException(POSSIBLE_FILE + " cannot be read: " + e.getMessage());
            }
        }
    }

    static int count(String ranges) {
        int cpus = 0;
        for (String range : ranges.split(",")) {
            var ends = range.split("-");
            cpus += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return cpus;
    }
}
