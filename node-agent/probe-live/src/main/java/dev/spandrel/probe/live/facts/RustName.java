package dev.spandrel.probe.live.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A name of Rust by the newer scheme (RFC 2603, "v0"), as its author wrote it, without hashes of crates. */
final class RustName {
    private static final int DEEPEST = 200;
    private static final int LONGEST = 1 << 16;
    private static final Map<Character, String> BASIC = Map.ofEntries(
            Map.entry('a', "i8"),
            Map.entry('b', "bool"),
            Map.entry('c', "char"),
            Map.entry('d', "f64"),
            Map.entry('e', "str"),
            Map.entry('f', "f32"),
            Map.entry('h', "u8"),
            Map.entry('i', "isize"),
            Map.entry('j', "usize"),
            Map.entry('l', "i32"),
            Map.entry('m', "u32"),
            Map.entry('n', "i128"),
            Map.entry('o', "u128"),
            Map.entry('p', "_"),
            Map.entry('s', "i16"),
            Map.entry('t', "u16"),
            Map.entry('u', "()"),
            Map.entry('v', "..."),
            Map.entry('x', "i64"),
            Map.entry('y', "u64"),
            Map.entry('z', "!"));

    /** What is no such name, or one with something in it that is not known here. */
    static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(null, null, false, false);
        }
    }

    /** Behind "_R": numbers of earlier places count from here. */
    private final String text;

    private int at;
    private int depth;
    private int made;
    /** Lifetimes that are bound around here. */
    private long bound;

    private RustName(String text) {
        this.text = text;
    }

    /** Throws {@link Unreadable} or IndexOutOfBoundsException. */
    static String of(String name) {
        String plain = name.substring(2);
        int suffix = plain.indexOf('.');
        return new RustName(suffix < 0 ? plain : plain.substring(0, suffix)).path(true);
    }

    private char take() {
        return text.charAt(at++);
    }

    private boolean took(char c) {
        if (at >= text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    private String made(String part) {
        made += part.length();
        if (made > LONGEST) throw new Unreadable();
        return part;
    }

    private interface Part {
        String read();
    }

    private String deeper(Part part) {
        if (++depth > DEEPEST) throw new Unreadable();
        String read = made(part.read());
        depth--;
        return read;
    }

    /** An earlier place is read again. */
    private String again(Part part) {
        int start = at - 1;
        long back = base62();
        if (back < 0 || back >= start) throw new Unreadable();
        int here = at;
        at = (int) back;
        String read = deeper(part);
        at = here;
        return read;
    }

    /** @param value whether it stands for a value: there generic arguments have :: in front of them */
    private String path(boolean value) {
        return deeper(() -> switch (take()) {
            case 'C' -> identifier().name();
            case 'M' -> {
                implPath();
                yield "<" + type() + ">";
            }
            case 'X' -> {
                implPath();
                yield "<" + type() + " as " + path(false) + ">";
            }
            case 'Y' -> "<" + type() + " as " + path(false) + ">";
            case 'N' -> nested(value);
            case 'I' -> {
                String of = path(value);
                yield of + (value ? "::" : "") + "<" + String.join(", ", arguments()) + ">";
            }
            case 'B' -> again(() -> path(value));
            default -> throw new Unreadable();
        });
    }

    private void implPath() {
        disambiguator();
        path(false);
    }

    private String nested(boolean value) {
        char namespace = take();
        String outer = path(value);
        Identifier own = identifier();
        if (Character.isLowerCase(namespace)) return own.name().isEmpty() ? outer : outer + "::" + own.name();
        String kind = switch (namespace) {
            case 'C' -> "closure";
            case 'S' -> "shim";
            default -> Character.toString(namespace);
        };
        return outer + "::{" + kind + (own.name().isEmpty() ? "" : ":" + own.name()) + "#" + own.number() + "}";
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        while (!took('E')) arguments.add(argument());
        return arguments;
    }

    private String argument() {
        if (took('L')) return lifetime(base62());
        if (took('K')) return constant();
        return type();
    }

    private String lifetime(long index) {
        if (index == 0) return "'_";
        long depthOfIt = bound - index;
        if (depthOfIt < 0) throw new Unreadable();
        return depthOfIt < 26 ? "'" + (char) ('a' + depthOfIt) : "'_" + depthOfIt;
    }

    private String type() {
        return deeper(() -> {
            char c = take();
            String basic = BASIC.get(c);
            if (basic != null) return basic;
            return switch (c) {
                case 'A' -> "[" + type() + "; " + constant() + "]";
                case 'S' -> "[" + type() + "]";
                case 'T' -> tuple();
                case 'R', 'Q' -> reference(c == 'Q');
                case 'P' -> "*const " + type();
                case 'O' -> "*mut " + type();
                case 'F' -> within(this::function);
                case 'D' -> dynamic();
                case 'B' -> again(this::type);
                default -> {
                    at--;
                    yield path(false);
                }
            };
        });
    }

    private String tuple() {
        List<String> parts = new ArrayList<>();
        while (!took('E')) parts.add(type());
        return "(" + String.join(", ", parts) + (parts.size() == 1 ? ",)" : ")");
    }

    private String reference(boolean mutable) {
        String lifetime = "";
        if (took('L')) {
            long index = base62();
            lifetime = index == 0 ? "" : lifetime(index) + " ";
        }
        return "&" + lifetime + (mutable ? "mut " : "") + type();
    }

    /** Inside of what binds lifetimes. */
    private String within(Part part) {
        long more = took('G') ? base62() + 1 : 0;
        if (more < 0 || more > DEEPEST) throw new Unreadable();
        List<String> names = new ArrayList<>();
        for (long i = 0; i < more; i++) {
            bound++;
            names.add(lifetime(1));
        }
        String inside = part.read();
        bound -= more;
        return names.isEmpty() ? inside : "for<" + String.join(", ", names) + "> " + inside;
    }

    private String function() {
        String unsafe = took('U') ? "unsafe " : "";
        String abi = "";
        if (took('K'))
            abi = "extern \"" + (took('C') ? "C" : identifier().name().replace('_', '-')) + "\" ";
        List<String> parameters = new ArrayList<>();
        while (!took('E')) parameters.add(type());
        String result = took('u') ? "" : " -> " + type();
        return unsafe + abi + "fn(" + String.join(", ", parameters) + ")" + result;
    }

    private String dynamic() {
        String traits = within(() -> {
            List<String> all = new ArrayList<>();
            while (!took('E')) all.add(trait());
            return String.join(" + ", all);
        });
        if (!took('L')) throw new Unreadable();
        long index = base62();
        return "dyn " + traits + (index == 0 ? "" : " + " + lifetime(index));
    }

    /** Its associated types stand among its arguments. */
    private String trait() {
        String path = path(false);
        List<String> bindings = new ArrayList<>();
        while (took('p')) bindings.add(identifier().name() + " = " + type());
        if (bindings.isEmpty()) return path;
        String more = String.join(", ", bindings);
        return path.endsWith(">") ? path.substring(0, path.length() - 1) + ", " + more + ">" : path + "<" + more + ">";
    }

    private String constant() {
        return deeper(() -> {
            char c = take();
            if (c == 'B') return again(this::constant);
            if (c == 'p') return "_";
            boolean negative = took('n');
            int end = text.indexOf('_', at);
            if (end < 0) throw new Unreadable();
            String digits = text.substring(at, end);
            at = end + 1;
            if (digits.length() > 16 || !digits.matches("[0-9a-f]*")) throw new Unreadable();
            long value = digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 16);
            return switch (c) {
                case 'b' -> value == 0 ? "false" : "true";
                case 'c' -> "'" + Character.toString((int) value) + "'";
                case 'a', 's', 'l', 'x', 'n', 'i', 'h', 't', 'm', 'y', 'o', 'j' ->
                    (negative ? "-" : "") + Long.toUnsignedString(value);
                default -> throw new Unreadable();
            };
        });
    }

    private record Identifier(String name, long number) {}

    private Identifier identifier() {
        long number = disambiguator();
        boolean punycode = took('u');
        int length = 0;
        if (!took('0')) {
            if (!Character.isDigit(text.charAt(at))) throw new Unreadable();
            while (at < text.length() && Character.isDigit(text.charAt(at)) && length < LONGEST)
                length = length * 10 + take() - '0';
        }
        took('_');
        String name = text.substring(at, at + length);
        at += length;
        return new Identifier(punycode ? "punycode{" + name.replace('_', '-') + "}" : name, number);
    }

    private long disambiguator() {
        return took('s') ? base62() + 1 : 0;
    }

    /** "_" is 0, and what has digits one more than they say. */
    private long base62() {
        if (took('_')) return 0;
        long value = 0;
        while (!took('_')) {
            char c = take();
            int digit = Character.isDigit(c) ? c - '0' : Character.isLowerCase(c) ? c - 'a' + 10 : c - 'A' + 36;
            if (digit < 0 || digit > 61) throw new Unreadable();
            value = value * 62 + digit;
        }
        return value + 1;
    }
}
