package dev.spandrel.probe.live.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's clock that counts from boot. */
public final class Clocks {
    private Clocks() {}

    /** Nanoseconds since boot, to a hundredth of a second. */
    public static long bootNanos() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            return Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1e9);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
