package dev.spandrel.policy;

import dev.spandrel.contract.v1.Create;
import dev.spandrel.contract.v1.TraceConfig;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The share of traces, or by chance of requests, that configurations keep, in words for people. */
final class SampledShare {
    private SampledShare() {}

    /** A percentage, or two where they differ; {@code off} where nothing is traced, {@code no spans} where no request can become one. */
    static String of(Collection<TraceConfig> configs) {
        SortedSet<BigDecimal> percents = new TreeSet<>();
        SortedSet<String> words = new TreeSet<>();
        for (TraceConfig config : configs) {
            if (!config.getEnabled()) {
                words.add("off");
            } else if (isNever(config)) {
                words.add("no spans");
            } else {
                percents.add(Percent.rounded(config.getThreshold()));
            }
        }
        List<String> parts = new ArrayList<>();
        if (percents.size() == 1) {
            parts.add(Percent.text(percents.first()) + "%");
        } else if (!percents.isEmpty()) {
            parts.add(Percent.text(percents.first()) + "–" + Percent.text(percents.last()) + "%");
        }
        parts.addAll(words);
        return String.join(", ", parts);
    }

    private static boolean isNever(TraceConfig config) {
        if (config.getByChance()) {
            return config.getThreshold() == Effective.threshold(0);
        }
        return config.getCreate() == Create.CREATE_HEADER_PRESENT
                && config.getHeadersCount() == 0
                && config.getMatchCount() == 0;
    }
}
