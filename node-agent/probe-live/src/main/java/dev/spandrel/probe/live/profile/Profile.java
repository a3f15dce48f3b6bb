package dev.spandrel.probe.live.profile;

import java.util.Map;

/**
 * What was counted, by where.
 *
 * @param type what the numbers are, e.g. {@code cpu}
 * @param unit of the numbers, in UCUM or a word, e.g. {@code count}
 */
public record Profile(String type, String unit, Map<Site, Long> samples) {}
