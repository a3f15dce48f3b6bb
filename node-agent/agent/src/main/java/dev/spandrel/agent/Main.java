package dev.spandrel.agent;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command line is read before Quarkus starts: a wrong option costs nobody a start. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        Options options = new Options();
        CommandLine command = commandLine(options);
        try {
            command.parseArgs(arguments);
            if (!command.isUsageHelpRequested() && !command.isVersionHelpRequested()) {
                options.origin(command);
                options.backend(command);
            }
        } catch (ParameterException e) {
            System.err.println("spandrel-agent: " + e.getMessage());
            System.err.println("Try --help.");
            System.exit(2);
        }
        if (command.isUsageHelpRequested()) {
            command.usage(System.out);
        } else if (command.isVersionHelpRequested()) {
            command.printVersionHelp(System.out);
        } else {
            System.setProperty("quarkus.http.host", options.httpHost());
            System.setProperty("quarkus.http.port", options.httpPort());
            Quarkus.run(Agent.class, arguments);
        }
    }

    static CommandLine commandLine(Options options) {
        return new CommandLine(options).setExpandAtFiles(false);
    }
}
