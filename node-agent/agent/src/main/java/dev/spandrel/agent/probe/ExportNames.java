package dev.spandrel.agent.probe;

import dev.spandrel.contract.v1.ProbeExport;

/** What leaves is called as the set says, or like the probe and the map. */
final class ExportNames {
    private ExportNames() {}

    /**
     * @param map with its at sign
     * @param maps how many of the probe's leave in this form
     */
    static String of(String probe, ProbeExport export, String map, int maps) {
        String plain = map.substring(1);
        if (export.getMetric().isEmpty()) {
            return plain.isEmpty() ? probe : probe + "." + plain;
        }
        return maps == 1 || plain.isEmpty() ? export.getMetric() : export.getMetric() + "." + plain;
    }
}
