package dev.spandrel.operator.push;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.spandrel.contract.v1.Hello;
import dev.spandrel.contract.v1.TraceConfig;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which fields of a configuration an agent knows.
 *
 * @param numbers as in the contract
 */
public record KnownFields(Set<Integer> numbers) {
    /** Of agents that do not say. */
    private static final KnownFields FIRST_CONTRACT =
            new KnownFields(IntStream.rangeClosed(1, 19).boxed().collect(Collectors.toSet()));

    public static final KnownFields ALL = new KnownFields(TraceConfig.getDescriptor().getFields().stream()
            .map(FieldDescriptor::getNumber)
            .collect(Collectors.toSet()));

    public KnownFields {
        numbers = Set.copyOf(numbers);
    }

    public static KnownFields of(Hello hello) {
        return hello.getKnownFieldsCount() == 0
                ? FIRST_CONTRACT
                : new KnownFields(Set.copyOf(hello.getKnownFieldsList()));
    }

    /** Whether there is nothing that it could miss. */
    public boolean all() {
        return numbers.containsAll(ALL.numbers);
    }

    /** Names of the fields that are set here and that the agent does not know. */
    public Set<String> missing(TraceConfig config) {
        return config.getAllFields().keySet().stream()
                .filter(field -> !numbers.contains(field.getNumber()))
                .map(FieldDescriptor::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
