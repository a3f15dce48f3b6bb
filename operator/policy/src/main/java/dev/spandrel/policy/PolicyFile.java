package dev.spandrel.policy;

import java.util.List;

/**
 * What a file says: its policies, or everything that is wrong with it. A file with any problem has no policies.
 */
public record PolicyFile(String file, List<Policy> policies, List<Refusal> refusals) {
    public PolicyFile {
        policies = List.copyOf(policies);
        refusals = List.copyOf(refusals);
    }

    /** Why a file is refused, and the line (from 1) to look at. */
    public record Refusal(String file, int line, String reason) {
        @Override
        public String toString() {
            return file + ":" + line + ": " + reason;
        }
    }
}
