package dev.spandrel.probe.live.show;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Formats of strftime(3), and %f for microseconds. */
record TimeFormat(String format) {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('H', "HH"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('Y', "yyyy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('y', "yy"),
            Map.entry('j', "DDD"),
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('h', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('p', "a"),
            Map.entry('I', "hh"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('R', "HH:mm"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('z', "xx"),
            Map.entry('Z', "zzz"),
            Map.entry('f', "SSSSSS"),
            Map.entry('c', "EEE MMM ppd HH:mm:ss yyyy"),
            Map.entry('e', "ppd"),
            Map.entry('x', "MM/dd/yy"),
            Map.entry('X', "HH:mm:ss"),
            Map.entry('r', "hh:mm:ss a"));

    String show(Instant instant) {
        var time = ZonedDateTime.ofInstant(instant, ZoneId.systemDefault());
        var shown = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                shown.append(c);
                continue;
            }
            char conversion = format.charAt(++i);
            String pattern = PATTERNS.get(conversion);
            switch (conversion) {
                case 'n' -> shown.append('\n');
                case 't' -> shown.append('\t');
                case '%' -> shown.append('%');
                case 's' -> shown.append(instant.getEpochSecond());
                default ->
                    shown.append(
                            pattern == null
                                    ? "%" + conversion
                                    : time.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
            }
        }
        return shown.toString();
    }
}
