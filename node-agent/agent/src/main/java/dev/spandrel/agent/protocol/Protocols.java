package dev.spandrel.agent.protocol;

import dev.spandrel.contract.ProtocolNames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The protocols of the contract's registry, each by the class here that is named like it. They hold scratch space: one of these per thread. */
public final class Protocols {
    private static final int NUMBERS = 32;

    private final @Nullable Protocol[] byNumber = new Protocol[NUMBERS];
    private final Protocol http = new Http();

    public Protocols() {
        for (var known : ProtocolNames.known()) {
            byNumber[known.getNumber()] = named(ProtocolNames.name(known));
        }
    }

    /** By the number that contract and kernel give it. */
    public Protocol of(int number) {
        @Nullable Protocol found = number >= 0 && number < NUMBERS ? byNumber[number] : null;
        return found == null ? http : found;
    }

    /** POSTGRESQL is {@code Postgresql}. */
    static Protocol named(String name) {
        String type = Protocols.class.getPackageName() + "." + name.charAt(0)
                + name.substring(1).toLowerCase(Locale.ROOT);
        try {
            return (Protocol) Class.forName(type).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the registry names a protocol without its class " + type, e);
        }
    }
}
