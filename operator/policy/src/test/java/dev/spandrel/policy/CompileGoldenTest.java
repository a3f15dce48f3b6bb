package dev.spandrel.policy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code <behaviour>.policy.yaml} with {@code <behaviour>.inventory.yaml} (or the common one) gives {@code <behaviour>.nodes.txt}. */
final class CompileGoldenTest {
    static List<Path> behaviours() {
        return Golden.in("compile", ".policy.yaml");
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void compiles(Path policies) throws InvalidProtocolBufferException {
        Behaviour behaviour = Behaviour.read(policies);
        Compilation compilation =
                Compiler.compile(behaviour.policies(), behaviour.inventory(), behaviour.scope(), Behaviour.NOW);
        Golden.check(policies.resolveSibling(behaviour.name() + ".nodes.txt"), text(compilation));
    }

    private static String text(Compilation compilation) throws InvalidProtocolBufferException {
        StringBuilder text = new StringBuilder();
        compilation
                .policies()
                .forEach((key, result) -> text.append("# ")
                        .append(key)
                        .append(": selected ")
                        .append(result.selected())
                        .append(", in force ")
                        .append(result.inForce())
                        .append(result.expiry().map(expiry -> ", " + expiry).orElse(""))
                        .append(result.conflicts().isEmpty() ? "" : ", " + result.conflicts())
                        .append(result.fences().isEmpty() ? "" : ", fenced " + result.fences())
                        .append(", sampling ")
                        .append(result.sampling())
                        .append(result.problems().isEmpty() ? "" : ", problems " + result.problems())
                        .append('\n'));
        for (Map.Entry<String, NodeTarget> node : compilation.nodes().entrySet()) {
            text.append("# node ").append(node.getKey()).append('\n');
            text.append(JsonFormat.printer()
                            .sortingMapKeys()
                            .print(node.getValue().config()))
                    .append('\n');
        }
        return text.toString();
    }
}
