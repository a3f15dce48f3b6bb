package dev.spandrel.operator.push;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.TraceConfig;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What of a configuration an agent knows.
 *
 * @param numbers of fields, as in the contract
 * @param protocols likewise
 */
public record KnownFields(Set<Integer> numbers, Set<Integer> protocols) {
    /** Of agents that do not say. */
    private static final Set<Integer> FIRST_CONTRACT =
            IntStream.rangeClosed(1, 19).boxed().collect(Collectors.toSet());

    private static final Set<Integer> FIRST_PROTOCOLS = Set.of(Protocol.PROTOCOL_HTTP_VALUE);

    public static final KnownFields ALL = new KnownFields(
            TraceConfig.getDescriptor().getFields().stream()
                    .map(FieldDescriptor::getNumber)
                    .collect(Collectors.toSet()),
            ProtocolNames.known().stream().map(Protocol::getNumber).collect(Collectors.toSet()));

    public KnownFields {
        numbers = Set.copyOf(numbers);
        protocols = Set.copyOf(protocols);
    }

    public static KnownFields of(Hello hello) {
        KnownFields known = new KnownFields(
                orElse(hello.getKnownFieldsList(), FIRST_CONTRACT),
                orElse(hello.getKnownProtocolsList(), FIRST_PROTOCOLS));
        return known.all() ? ALL : known; // as nearly all agents do
    }

    /** Whether there is nothing that it could miss. */
    public boolean all() {
        return this == ALL || numbers.containsAll(ALL.numbers) && protocols.containsAll(ALL.protocols);
    }

    /** Names of the fields that are set here, and of the protocols that are asked for, that the agent does not know. Which protocols are all is the agent's to say. */
    public Set<String> missing(TraceConfig config) {
        Set<String> missing = config.getAllFields().keySet().stream()
                .filter(field -> !numbers.contains(field.getNumber()))
                .map(FieldDescriptor::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        config.getProtocolsList().stream()
                .filter(ProtocolNames.known()::contains)
                .filter(protocol -> !protocols.contains(protocol.getNumber()))
                .map(protocol -> "protocol " + ProtocolNames.name(protocol))
                .forEach(missing::add);
        return missing;
    }

    private static Set<Integer> orElse(Collection<Integer> said, Set<Integer> otherwise) {
        return said.isEmpty() ? otherwise : Set.copyOf(said);
    }
}
