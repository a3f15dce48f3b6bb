package dev.spandrel.agent.doctor;

import java.util.Arrays;
import java.util.List;

/** The command {@code doctor}: looks, loads, measures, says it, and is gone. Nothing stays in the kernel. */
public final class Doctor {
    public static final String HELP = """
            Usage: spandrel-agent doctor [--output json]
            Says what of this machine the agent needs, what is missing and what to set; loads and attaches the programs of each backend
            for a moment, with nothing selected, and measures what they add to a socket call. Of the processes that run it says in which
            files TLS can be seen, and in which not and why.
            Exit codes: 0 traces here; 2 wrong options; 3 nothing can be traced here (the last line says why).""";

    private static final int UNSUPPORTED = 3;
    private static final int USAGE = 2;

    private Doctor() {}

    /** Prints to standard output; the exit code. */
    public static int run(String version, String... options) {
        List<String> words = Arrays.asList(options);
        boolean json = words.equals(List.of("--output", "json")) || words.equals(List.of("--output=json"));
        if (!json && !words.isEmpty()) {
            System.err.println("spandrel-agent: doctor takes --output json, or nothing");
            return USAGE;
        }
        var examination = Examination.here();
        System.out.print(
                json
                        ? DoctorJson.of(version, examination) + System.lineSeparator()
                        : DoctorText.of(version, examination));
        return examination.diagnosis().canTrace() ? 0 : UNSUPPORTED;
    }
}
