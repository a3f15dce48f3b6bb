package dev.spandrel.operator;

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
        CommandLine command = new CommandLine(options).setExpandAtFiles(false);
        try {
            command.parseArgs(arguments);
            if (!command.isUsageHelpRequested() && !command.isVersionHelpRequested()) {
                options.check(command);
            }
        } catch (ParameterException e) {
            System.err.println("spandrel-operator: " + e.getMessage());
            System.err.println("Try --help.");
            System.exit(2);
        }
        if (command.isUsageHelpRequested()) {
            command.usage(System.out);
        } else if (command.isVersionHelpRequested()) {
            command.printVersionHelp(System.out);
        } else {
            System.setProperty("quarkus.http.host", options.http().getHostString());
            System.setProperty(
                    "quarkus.http.port", Integer.toString(options.http().getPort()));
            RequestDeadline.OnConnections.enable();
            Quarkus.run(Operator.class, arguments);
        }
    }
}
