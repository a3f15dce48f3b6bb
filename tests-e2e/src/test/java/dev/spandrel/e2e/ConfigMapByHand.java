package dev.spandrel.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The map sp_config as somebody else on the node would write to it: by bpftool, whose key is a descriptor of the cgroup's directory. */
record ConfigMapByHand(String id) {
    private static final int THRESHOLD = 8;
    private static final int THRESHOLD_BYTES = 8;

    static ConfigMapByHand of(AgentProcess agent) {
        return new ConfigMapByHand(BpfHeld.by(agent).map("sp_config"));
    }

    /** Units of 2^-56. */
    void setThreshold(Path cgroup, long threshold) {
        List<String> value = new ArrayList<>(read(cgroup));
        for (int i = 0; i < THRESHOLD_BYTES; i++) {
            value.set(THRESHOLD + i, "0x%02x".formatted(threshold >>> 8 * i & 0xff));
        }
        bpftool(cgroup, "update", "value " + String.join(" ", value));
    }

    private List<String> read(Path cgroup) {
        JsonNode found = bpftool(cgroup, "lookup", "");
        return StreamSupport.stream(found.path("value").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private JsonNode bpftool(Path cgroup, String action, String value) {
        String command =
                "exec 9<" + cgroup + "; bpftool -j map " + action + " id " + id + " key hex 09 00 00 00 " + value;
        try {
            Process process = new ProcessBuilder("bash", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            JsonNode answer = new ObjectMapper().readTree(process.getInputStream());
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + answer);
            }
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
