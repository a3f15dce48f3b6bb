package dev.spandrel.operator.replica;

import java.util.Optional;

/**
 * One operator, as the Lease names its holder: {@code NAME_HOST:PORT}.
 *
 * @param name of its pod, for people; another one after each start
 * @param address where the others reach it
 */
public record Replica(String name, String address) {
    /** Empty where nobody holds it; somebody else's word for a holder is one without an address. */
    static Optional<Replica> parse(String holder) {
        int end = holder.indexOf('_');
        if (holder.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                end < 0 ? new Replica(holder, "") : new Replica(holder.substring(0, end), holder.substring(end + 1)));
    }

    @Override
    public String toString() {
        return name + "_" + address;
    }
}
