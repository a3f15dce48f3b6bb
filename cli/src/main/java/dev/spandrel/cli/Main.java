package dev.spandrel.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code spandrel}, and as {@code kubectl-spandrel} on the PATH also {@code kubectl spandrel}. */
@Command(
        name = "spandrel",
        version = "0.1.0",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 110,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows what is traced, and asks the kernels whether it is so.",
        subcommands = {Explain.class, Status.class, Nodes.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  kubectl spandrel explain pod/checkout-6d5f-x1 -n shop",
            "  kubectl spandrel status -A",
            "  kubectl spandrel nodes -o json | jq '.nodes[] | select(.programsAttached | not) | .name'"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String... arguments) {
        // Whatever the locale says: the texts have characters beyond ASCII.
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        int code = run(out, err, arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine command = new CommandLine(new Main());
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(Exit.meanings());
        return command.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Connection.Address.class, Main::address)
                .setParameterExceptionHandler((exception, _) -> complain(
                        exception.getCommandLine(),
                        exception.getMessage() + "; --help says what can be given",
                        Exit.USAGE))
                .setExecutionExceptionHandler((exception, failed, _) -> {
                    if (exception instanceof Failure failure) {
                        return complain(failed, failure.getMessage(), failure.exit());
                    }
                    throw exception;
                })
                .execute(arguments);
    }

    private static Connection.Address address(String text) {
        try {
            return Connection.Address.parse(text);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not HOST:PORT");
        }
    }

    private static int complain(CommandLine command, String message, Exit exit) {
        command.getErr().println("spandrel: " + message);
        return exit.code();
    }

    /** Without a command. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
