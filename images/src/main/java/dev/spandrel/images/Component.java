package dev.spandrel.images;

import java.util.List;

/**
 * A part of an image.
 *
 * @param purl package URL
 */
record Component(String group, String name, String version, String purl) {
    /** From Quarkus' list of what an application depends on: {@code group:artifact:classifier:type:version} on each line. */
    static List<Component> jars(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(":", -1))
                .map(parts -> new Component(
                        parts[0], parts[1], parts[4], "pkg:maven/%s/%s@%s".formatted(parts[0], parts[1], parts[4])))
                .distinct()
                .sorted(java.util.Comparator.comparing(Component::purl))
                .toList();
    }

    /** From lines of {@code package version architecture}, as Debian names them. */
    static List<Component> packages(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" ", -1))
                .map(parts -> new Component(
                        "",
                        parts[0],
                        parts[1],
                        "pkg:deb/debian/%s@%s?arch=%s".formatted(parts[0], parts[1].replace("+", "%2B"), parts[2])))
                .distinct()
                .sorted(java.util.Comparator.comparing(Component::purl))
                .toList();
    }
}
