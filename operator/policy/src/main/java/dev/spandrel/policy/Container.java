package dev.spandrel.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container of a pod; the id, without its runtime's prefix, is absent until it runs. */
public final class Container {
    private static final HexFormat HEX = HexFormat.of();

    private final String name;
    /** The bytes that an id of hexadecimal digits stands for, as those of all known runtimes are: half of what its text takes. */
    private final byte @Nullable [] digits;

    private final byte @Nullable [] text;

    public Container(String name, Optional<String> id) {
        this.name = name;
        this.digits = id.filter(Container::isHex).map(HEX::parseHex).orElse(null);
        this.text = digits == null
                ? id.map(other -> other.getBytes(StandardCharsets.UTF_8)).orElse(null)
                : null;
    }

    private static boolean isHex(String id) {
        return id.length() % 2 == 0 && id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    public String name() {
        return name;
    }

    public Optional<String> id() {
        return digits != null
                ? Optional.of(HEX.formatHex(digits))
                : Optional.ofNullable(text).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Container that
                && name.equals(that.name)
                && Arrays.equals(digits, that.digits)
                && Arrays.equals(text, that.text);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + Arrays.hashCode(digits)) + Arrays.hashCode(text);
    }

    @Override
    public String toString() {
        return name + id().map(id -> " " + id).orElse("");
    }
}
