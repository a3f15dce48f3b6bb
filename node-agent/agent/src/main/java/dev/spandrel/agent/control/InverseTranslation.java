package dev.spandrel.agent.control;

import dev.spandrel.agent.control.HeaderRule.Action;
import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.HeaderMatch;
import dev.spandrel.contract.v1.PortRange;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.TraceConfig;
import java.util.ArrayList;
import java.util.List;

/** A map value in the contract's terms. Of every value that {@link Translation} gives, the config it was made from. Pure. */
final class InverseTranslation {
    private InverseTranslation() {}

    /**
     * @param rules of the value's rule set
     * @param policy the name for the value's number
     * @param requestHeaders what the agent makes attributes of, where the kernel keeps enough of a head
     */
    static TraceConfig config(ConfigValue value, RuleSet rules, String policy, List<String> requestHeaders) {
        var config = TraceConfig.newBuilder()
                .setPolicy(policy)
                .setEnabled(value.enabled())
                .addAllProtocolsValue(protocols(value.protocols()))
                .addAllRolesValue(bits(value.roles()))
                .setThreshold(value.threshold())
                .setHonorParent(has(value, ConfigFlag.HONOR_PARENT))
                .setMaxSpansPerSecond(value.maxSpansPerSecond())
                .setByChance(has(value, ConfigFlag.BY_CHANCE))
                .setKeepErrors(has(value, ConfigFlag.KEEP_ERRORS))
                .setServerErrorFrom(value.serverErrorFrom())
                .setClientErrorFrom(value.clientErrorFrom())
                .setSlowerThanNanos(value.slowerThanNanos())
                .setCreate(
                        has(value, ConfigFlag.CREATE_HEADER_PRESENT)
                                ? Create.CREATE_HEADER_PRESENT
                                : Create.CREATE_ALWAYS)
                .addAllHeaders(headers(value, rules))
                .setMetrics(has(value, ConfigFlag.METRICS))
                .setSearchBytes(value.searchBytes());
        for (var rule : rules.rules())
            if (rule.action() == Action.MATCH)
                config.addMatch(HeaderMatch.newBuilder().setName(rule.name()).setValue(rule.value()));
        for (var range : value.ports())
            config.addPorts(PortRange.newBuilder().setFirst(range.first()).setLast(range.last()));
        if (value.captureBytes() >= Translation.MAX_SEARCH) config.addAllRequestHeaderAttributes(requestHeaders);
        return config.build();
    }

    private static List<String> headers(ConfigValue value, RuleSet rules) {
        var headers = new ArrayList<String>();
        for (var rule : rules.rules()) if (rule.action() == Action.PRESENT) headers.add(rule.name());
        if (has(value, ConfigFlag.TRACEPARENT_PRESENT)) headers.add(Translation.TRACEPARENT);
        headers.sort(null); // as compiled
        return headers;
    }

    private static boolean has(ConfigValue value, ConfigFlag flag) {
        return (value.flags() & flag.bit()) != 0;
    }

    /** As compiled, where no policy names any. */
    private static List<Integer> protocols(int mask) {
        return mask == Translation.EVERY_PROTOCOL
                ? List.of(Protocol.PROTOCOL_HTTP_VALUE, Protocol.PROTOCOL_ALL_VALUE)
                : bits(mask);
    }

    private static List<Integer> bits(int bits) {
        var numbers = new ArrayList<Integer>();
        for (int number = 0; number < Integer.SIZE; number++) if ((bits >>> number & 1) != 0) numbers.add(number);
        return numbers;
    }
}
