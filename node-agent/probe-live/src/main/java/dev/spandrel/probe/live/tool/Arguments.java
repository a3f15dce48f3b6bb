package dev.spandrel.probe.live.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the command was asked for. */
sealed interface Arguments {
    String USAGE = """
            usage: spandrel probe run [options] FILE [parameters]
                   spandrel probe run [options] -e 'PROGRAM' [parameters]
                   spandrel probe -l [PATTERN]

            parameters are $1 and so on, and --NAME or --NAME=VALUE behind a -- what getopt() asks for

              -e PROGRAM       the program itself
              -p PID           only what this process does; ends when it ends
              --cgroup PATH    only what processes of this cgroup do, and of those below
              --pod POD        only what this pod of this node does: its uid, NAME or NAMESPACE/NAME
              --agent PID      which agent knows about requests, where several run: its process, or one that started it; the last one started otherwise
              -c COMMAND       run this once everything is attached, and end when it ends
              -l [PATTERN]     list attach points; -v shows their arguments
              -d               show what each pass makes of the program, and do not run it
              --dry-run        compile, load and let the kernel check it, but attach nothing
              --repeat N       compile, load, attach and detach it so many times, and say how long that took
              --unsafe         allow system() and signal()
              -q               do not say how many probes are attached
              -o FILE          write there
              --output FORM    text, json (one object per line, as bpftrace's -f json, which is another name for this) or otlp
              -B MODE          is accepted, as bpftrace has it
            """;

    enum Form {
        TEXT,
        JSON,
        OTLP
    }

    record Help() implements Arguments {}

    record Wrong(String message) implements Arguments {}

    record ListPoints(String pattern, boolean verbose) implements Arguments {}

    record Run(
            Optional<Path> file,
            Optional<String> text,
            Optional<Integer> pid,
            Optional<Path> cgroup,
            Optional<String> pod,
            Optional<Integer> agent,
            Optional<String> command,
            Optional<Path> output,
            Form form,
            boolean debug,
            boolean dryRun,
            int repeat,
            boolean unsafe,
            boolean quiet,
            List<String> parameters)
            implements Arguments {}

    static Arguments parse(String[] words) {
        var rest = new ArrayList<>(List.of(words));
        if (!rest.isEmpty() && rest.getFirst().equals("run")) rest.removeFirst();
        var reading = new Reading();
        while (!rest.isEmpty() && reading.wrong.isEmpty()) reading.take(rest);
        return reading.done();
    }

    /** What has been read so far. */
    final class Reading {
        private Optional<Path> file = Optional.empty();
        private Optional<String> text = Optional.empty();
        private Optional<Integer> pid = Optional.empty();
        private Optional<Path> cgroup = Optional.empty();
        private Optional<String> pod = Optional.empty();
        private Optional<Integer> agent = Optional.empty();
        private Optional<String> command = Optional.empty();
        private Optional<Path> output = Optional.empty();
        private Optional<String> list = Optional.empty();
        private Form form = Form.TEXT;
        private boolean debug;
        private boolean dryRun;
        private int repeat;
        private boolean unsafe;
        private boolean quiet;
        private boolean verbose;
        private boolean help;
        private final List<String> parameters = new ArrayList<>();
        private Optional<String> wrong = Optional.empty();

        private void take(List<String> rest) {
            String word = rest.removeFirst();
            boolean known = file.isEmpty() && (text.isEmpty() || parameters.isEmpty());
            if (word.equals("--") && (file.isPresent() || text.isPresent())) {
                parameters.addAll(rest);
                rest.clear();
                return;
            }
            if (!known || !word.startsWith("-") || word.equals("-")) {
                if (file.isEmpty() && text.isEmpty() && list.isEmpty()) file = Optional.of(Path.of(word));
                else if (list.isPresent() && list.get().isEmpty()) list = Optional.of(word);
                else parameters.add(word);
                return;
            }
            switch (word) {
                case "-e" -> text = value(word, rest);
                case "-p" -> pid = number(value(word, rest));
                case "--cgroup" -> cgroup = value(word, rest).map(Path::of);
                case "--pod" -> pod = value(word, rest);
                case "--agent" -> agent = number(value(word, rest));
                case "-c" -> command = value(word, rest);
                case "-o" -> output = value(word, rest).map(Path::of);
                case "-B" -> value(word, rest);
                case "--output", "-f" -> form(value(word, rest).orElse(""));
                case "-l" -> list = Optional.of("");
                case "-v" -> verbose = true;
                case "-d" -> debug = true;
                case "--dry-run" -> dryRun = true;
                case "--repeat" -> repeat = number(value(word, rest)).orElse(0);
                case "--unsafe" -> unsafe = true;
                case "-q" -> quiet = true;
                case "-h", "--help" -> help = true;
                default -> {
                    if (word.startsWith("-l") && word.length() > 2 || word.equals("-lv")) list = Optional.of("");
                    else wrong = Optional.of("there is no option " + word);
                }
            }
        }

        private void form(String name) {
            try {
                form = Form.valueOf(name.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                wrong = Optional.of("there is no output '" + name + "': text, json or otlp");
            }
        }

        private Optional<String> value(String option, List<String> rest) {
            if (!rest.isEmpty()) return Optional.of(rest.removeFirst());
            wrong = Optional.of(option + " needs a value");
            return Optional.empty();
        }

        private Optional<Integer> number(Optional<String> text) {
            if (text.filter(t -> t.matches("\\d{1,9}")).isPresent()) return text.map(Integer::parseInt);
            wrong = Optional.of("a number is expected, and not " + text.orElse("nothing"));
            return Optional.empty();
        }

        private Arguments done() {
            if (help) return new Help();
            if (wrong.isPresent()) return new Wrong(wrong.get());
            if (list.isPresent()) return new ListPoints(list.get().isEmpty() ? "*" : list.get(), verbose);
            if (file.isEmpty() && text.isEmpty()) return new Wrong("a file or -e 'PROGRAM' is needed");
            return new Run(
                    file,
                    text,
                    pid,
                    cgroup,
                    pod,
                    agent,
                    command,
                    output,
                    form,
                    debug,
                    dryRun,
                    repeat,
                    unsafe,
                    quiet,
                    List.copyOf(parameters));
        }
    }
}
