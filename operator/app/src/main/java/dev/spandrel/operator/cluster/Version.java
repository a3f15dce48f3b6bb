package dev.spandrel.operator.cluster;

import java.util.UUID;

/** Which object, and which version of it. */
sealed interface Version {
    String uid();

    String resourceVersion();

    static Version of(String uid, String resourceVersion) {
        try {
            UUID id = UUID.fromString(uid);
            Version numbers = new Numbers(
                    id.getMostSignificantBits(), id.getLeastSignificantBits(), Long.parseLong(resourceVersion));
            if (numbers.uid().equals(uid) && numbers.resourceVersion().equals(resourceVersion)) {
                return numbers;
            }
        } catch (IllegalArgumentException e) {
            // To clients both are opaque, whatever all API servers make them of.
        }
        return new Texts(uid, resourceVersion);
    }

    /** As texts these would be five times as much, for each of a hundred thousand. */
    record Numbers(long mostSignificant, long leastSignificant, long number) implements Version {
        @Override
        public String uid() {
            return new UUID(mostSignificant, leastSignificant).toString();
        }

        @Override
        public String resourceVersion() {
            return Long.toString(number);
        }
    }

    record Texts(String uid, String resourceVersion) implements Version {}
}
