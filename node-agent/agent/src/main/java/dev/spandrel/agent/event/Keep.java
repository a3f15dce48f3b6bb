package dev.spandrel.agent.event;

import java.util.List;
import java.util.stream.IntStream;

/** Bits of {@code enum sp_keep}, and their names. */
public final class Keep {
    public static final int SAMPLED = 1;
    public static final int RULE = 1 << 1;
    public static final int ERROR = 1 << 2;
    public static final int SLOW = 1 << 3;
    public static final int PARENT = 1 << 4;

    private static final List<String> NAMES = List.of("sampled", "rule", "error", "slow", "parent");
    private static final List<List<String>> BY_BITS =
            IntStream.range(0, 32).mapToObj(Keep::named).toList();

    private Keep() {}

    public static List<String> names(int bits) {
        return BY_BITS.get(bits & 31);
    }

    private static List<String> named(int bits) {
        return IntStream.range(0, 5)
                .filter(bit -> (bits & 1 << bit) != 0)
                .mapToObj(NAMES::get)
                .toList();
    }
}
