package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What an agent's processes hold of the kernel's BPF objects, by the kernel's own account of their descriptors. */
record BpfHeld(Set<String> programs, Set<String> links, Set<String> maps) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static BpfHeld by(AgentProcess agent) {
        return by(agent.process());
    }

    static BpfHeld by(DevProcess agent) {
        List<String> lines = agent.tree().boxed().flatMap(BpfHeld::descriptors).toList();
        return new BpfHeld(ids(lines, "prog_id:"), ids(lines, "link_id:"), ids(lines, "map_id:"));
    }

    boolean nothing() {
        return programs.isEmpty() && links.isEmpty() && maps.isEmpty();
    }

    /** Entries of the map of this name, now. */
    int entries(String name) {
        return bpftool("map", "dump", "id", map(name)).size();
    }

    /** Memory of the map of this name, as the kernel accounts it. */
    long bytes(String name) {
        return bpftool("map", "show", "id", map(name)).path("bytes_memlock").asLong();
    }

    /** The id of the map of this name. */
    String map(String name) {
        for (String id : maps) {
            if (bpftool("map", "show", "id", id).path("name").asText().equals(name)) {
                return id;
            }
        }
        throw new AssertionError("the agent holds no map " + name);
    }

    /** Takes a cgroup's configuration away, as anybody with the right to may: of cgroup storage the key is a descriptor of its directory. */
    void deleteConfig(Path cgroup) {
        for (String id : maps) {
            if (bpftool("map", "show", "id", id).path("name").asText().equals("sp_config")) {
                run(
                        "bash",
                        "-c",
                        "exec 9<\"$1\" && bpftool map delete id \"$2\" key hex 09 00 00 00",
                        "-",
                        cgroup.toString(),
                        id);
                return;
            }
        }
        throw new AssertionError("the agent holds no map of configurations");
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(output);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those of these programs that the kernel still has. */
    static List<String> stillThere(Set<String> programs) {
        return known("prog", programs);
    }

    static List<String> linksStillThere(Set<String> links) {
        return known("link", links);
    }

    /** Names of the programs, as far as the kernel still has them. */
    List<String> programNames() {
        return StreamSupport.stream(bpftool("prog", "show").spliterator(), false)
                .filter(object -> programs.contains(object.path("id").asText()))
                .map(object -> object.path("name").asText())
                .toList();
    }

    private static List<String> known(String kind, Set<String> ids) {
        return StreamSupport.stream(bpftool(kind, "show").spliterator(), false)
                .map(object -> object.path("id").asText())
                .filter(ids::contains)
                .toList();
    }

    private static Set<String> ids(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> descriptors(long pid) {
        try (Stream<Path> infos = Files.list(Path.of("/proc/" + pid + "/fdinfo"))) {
            return infos.flatMap(BpfHeld::lines).toList().stream();
        } catch (IOException e) {
            return Stream.empty(); // the process ended meanwhile
        }
    }

    private static Stream<String> lines(Path info) {
        try {
            return Files.readAllLines(info).stream();
        } catch (IOException e) {
            return Stream.empty(); // closed meanwhile
        }
    }

    private static JsonNode bpftool(String... arguments) {
        List<String> command =
                Stream.concat(Stream.of("bpftool", "-j"), Stream.of(arguments)).toList();
        try {
            Process process = new ProcessBuilder(command).start();
            return JSON.readTree(process.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
