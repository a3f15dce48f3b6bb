package dev.spandrel.agent.control;

import dev.spandrel.agent.control.HeaderRule.Action;
import dev.spandrel.agent.workload.Selected;
import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.Later;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.Rejection;
import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.contract.v1.Workload;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;

/** One workload of the contract in the kernel's terms. Pure. */
final class Translation {
    static final String TRACEPARENT = "traceparent";
    static final int MAX_SEARCH = 4096;
    /** A mask of all: those that the object has programs for are told by the object. */
    static final int EVERY_PROTOCOL = -1;

    private static final int MIN_SEARCH = 256;
    /** What the kernel keeps with the socket; of longer request lines it keeps all. */
    private static final int CAPTURE_LINE = 160;

    private Translation() {}

    static RuleSet rules(TraceConfig config) {
        var rules = new ArrayList<HeaderRule>();
        for (var match : config.getMatchList())
            rules.add(new HeaderRule(Action.MATCH, match.getName(), match.getValue()));
        for (var header : config.getHeadersList())
            if (!header.equals(TRACEPARENT)) rules.add(new HeaderRule(Action.PRESENT, header, ""));
        return new RuleSet(rules);
    }

    /** What it is now, and what it is to become. */
    static Optional<Rejection> check(Workload workload) {
        return Stream.concat(
                        Stream.of(workload.getConfig()),
                        workload.getLaterList().stream()
                                .filter(Later::hasConfig)
                                .map(Later::getConfig))
                .flatMap(config -> check(workload, config).stream())
                .findFirst();
    }

    private static Optional<Rejection> check(Workload workload, TraceConfig config) {
        var rules = rules(config).rules();
        if (config.getPortsCount() > ConfigValue.MAX_PORT_RANGES)
            return Optional.of(Rejections.TOO_MANY_PORTS.of(
                    workload,
                    config.getPortsCount() + " port ranges, the kernel knows at most " + ConfigValue.MAX_PORT_RANGES));
        if (rules.size() > RuleSet.MAX_RULES)
            return Optional.of(Rejections.TOO_MANY_RULES.of(
                    workload, rules.size() + " header rules, the kernel looks for at most " + RuleSet.MAX_RULES));
        return rules.stream()
                .filter(rule -> !rule.fits())
                .findFirst()
                .map(rule -> Rejections.RULE_TOO_LONG.of(
                        workload,
                        "header rule \"" + rule.name() + "\": a name has 1 to " + HeaderRule.NAME_BYTES
                                + " bytes, a value at most " + HeaderRule.VALUE_BYTES));
    }

    static ConfigValue value(TraceConfig config, int policy, int ruleSet) {
        return new ConfigValue(
                0,
                config.getThreshold(),
                config.getSlowerThanNanos(),
                flags(config),
                config.getProtocolsList().contains(Protocol.PROTOCOL_ALL)
                        ? EVERY_PROTOCOL
                        : bits(config.getProtocolsValueList()),
                policy,
                config.getMaxSpansPerSecond(),
                ruleSet,
                search(config.getSearchBytes()),
                config.getRequestHeaderAttributesCount() == 0 ? CAPTURE_LINE : MAX_SEARCH,
                config.getServerErrorFrom(),
                config.getClientErrorFrom(),
                bits(config.getRolesValueList()),
                config.getPortsList().stream()
                        .map(range -> new ConfigValue.PortRange(range.getFirst(), range.getLast()))
                        .toList());
    }

    static Selected selected(Workload workload) {
        var config = workload.getConfig();
        return new Selected(
                workload.getId(),
                workload.getAttributesMap(),
                workload.getContainersMap(),
                config.getPolicy(),
                config.getRequestHeaderAttributesList(),
                rules(config).rules().stream()
                        .map(rule -> new dev.spandrel.agent.workload.HeaderRule(
                                rule.name(), rule.value(), rule.action() == Action.MATCH))
                        .toList(),
                config.getThreshold());
    }

    private static int flags(TraceConfig config) {
        int flags = 0;
        if (config.getEnabled()) flags |= ConfigFlag.ENABLED.bit();
        if (config.getMetrics()) flags |= ConfigFlag.METRICS.bit();
        if (config.getHonorParent()) flags |= ConfigFlag.HONOR_PARENT.bit();
        if (config.getKeepErrors()) flags |= ConfigFlag.KEEP_ERRORS.bit();
        if (config.getCreate() == Create.CREATE_HEADER_PRESENT) flags |= ConfigFlag.CREATE_HEADER_PRESENT.bit();
        if (config.getHeadersList().contains(TRACEPARENT)) flags |= ConfigFlag.TRACEPARENT_PRESENT.bit();
        if (config.getByChance()) flags |= ConfigFlag.BY_CHANCE.bit();
        return flags;
    }

    /** The contract's numbers of protocols and roles are the kernel's. */
    private static int bits(Iterable<Integer> numbers) {
        int bits = 0;
        for (int number : numbers) bits |= 1 << number;
        return bits;
    }

    private static int search(int bytes) {
        return bytes == 0 ? MAX_SEARCH : Math.clamp(bytes, MIN_SEARCH, MAX_SEARCH);
    }
}
