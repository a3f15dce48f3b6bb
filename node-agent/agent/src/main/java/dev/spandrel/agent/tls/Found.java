package dev.spandrel.agent.tls;

import java.util.List;

/** What a file holds. */
sealed interface Found {
    /** No TLS that is known. */
    record Nothing() implements Found {}

    /** `library` is its name in metrics. */
    record Library(String library, List<Spot> spots) implements Found {
        public Library {
            spots = List.copyOf(spots);
        }
    }

    /** TLS that cannot be probed, and why: as a word and as a sentence. */
    record Refused(String library, Cause cause, String reason) implements Found {}
}
