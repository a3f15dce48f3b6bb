package dev.spandrel.agent;

import dev.spandrel.agent.doctor.Doctor;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import java.util.List;

/** The command line is read before Quarkus starts: a wrong option costs nobody a start. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        List<String> words = Arrays.asList(arguments);
        boolean doctor = !words.isEmpty() && words.getFirst().equals("doctor");
        if (words.contains("--help") || words.contains("-h")) {
            System.out.println(doctor ? Doctor.HELP : Options.HELP);
        } else if (words.contains("--version") || words.contains("-V")) {
            System.out.println(Options.VERSION);
        } else if (doctor) {
            System.exit(
                    Doctor.run(Options.VERSION, words.subList(1, words.size()).toArray(String[]::new)));
        } else {
            Options options = parse(arguments);
            Rehearsal.start();
            System.setProperty("quarkus.http.host", options.httpHost());
            System.setProperty("quarkus.http.port", options.httpPort());
            Quarkus.run(Agent.class, arguments);
        }
    }

    private static Options parse(String... arguments) {
        try {
            return Options.parse(arguments);
        } catch (Options.UsageException e) {
            System.err.println("spandrel-agent: " + e.getMessage());
            System.err.println("Try --help.");
            System.exit(2);
            throw e;
        }
    }
}
