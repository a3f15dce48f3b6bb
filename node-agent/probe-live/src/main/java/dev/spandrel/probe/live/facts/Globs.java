package dev.spandrel.probe.live.facts;

import java.util.regex.Pattern;

/** Wildcards: * is any characters, ? is one. */
final class Globs {
    private Globs() {}

    static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (char c : glob.toCharArray())
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        return Pattern.compile(regex.toString());
    }
}
