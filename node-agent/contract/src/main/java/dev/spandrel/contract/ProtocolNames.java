package dev.spandrel.contract;

import dev.spandrel.contract.v1.Protocol;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the registry's protocols are called. */
public final class ProtocolNames {
    private static final String PREFIX = "PROTOCOL_";

    private ProtocolNames() {}

    /** All protocols there are, by number. */
    public static List<Protocol> known() {
        return protocols().toList();
    }

    /** All that a policy can ask for, by number. */
    public static SequencedSet<String> words() {
        return protocols().map(ProtocolNames::word).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The protocols that a policy's word stands for; none, if it is not known here. */
    public static List<Protocol> of(String word) {
        return protocols().filter(protocol -> word(protocol).equals(word)).toList();
    }

    /** A policy's word for it: versions of a protocol have one. */
    public static String word(Protocol protocol) {
        return name(protocol).replaceFirst("[0-9]+$", "");
    }

    /** As the kernel's enumeration has it, and in other cases the files. */
    public static String name(Protocol protocol) {
        return protocol.name().substring(PREFIX.length());
    }

    private static Stream<Protocol> protocols() {
        return Arrays.stream(Protocol.values())
                .filter(Predicate.not(List.of(
                        Protocol.PROTOCOL_UNSPECIFIED, Protocol.PROTOCOL_ALL, Protocol.UNRECOGNIZED)::contains));
    }
}
