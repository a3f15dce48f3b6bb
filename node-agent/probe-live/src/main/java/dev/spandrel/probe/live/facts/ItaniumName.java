package dev.spandrel.probe.live.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads one mangled name. What the grammar has beyond functions, their types and templates is not read. */
final class ItaniumName {
    static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(null, null, false, false);
        }
    }

    private static final int DEEPEST = 100;
    private static final Map<Character, String> BUILT_IN = Map.ofEntries(
            Map.entry('v', "void"),
            Map.entry('w', "wchar_t"),
            Map.entry('b', "bool"),
            Map.entry('c', "char"),
            Map.entry('a', "signed char"),
            Map.entry('h', "unsigned char"),
            Map.entry('s', "short"),
            Map.entry('t', "unsigned short"),
            Map.entry('i', "int"),
            Map.entry('j', "unsigned int"),
            Map.entry('l', "long"),
            Map.entry('m', "unsigned long"),
            Map.entry('x', "long long"),
            Map.entry('y', "unsigned long long"),
            Map.entry('n', "__int128"),
            Map.entry('o', "unsigned __int128"),
            Map.entry('f', "float"),
            Map.entry('d', "double"),
            Map.entry('e', "long double"),
            Map.entry('g', "__float128"),
            Map.entry('z', "..."));
    private static final Map<Character, String> STANDARD = Map.of(
            't', "std",
            'a', "std::allocator",
            'b', "std::basic_string",
            's', "std::basic_string<char, std::char_traits<char>, std::allocator<char> >",
            'i', "std::basic_istream<char, std::char_traits<char> >",
            'o', "std::basic_ostream<char, std::char_traits<char> >",
            'd', "std::basic_iostream<char, std::char_traits<char> >");
    private static final Map<String, String> OPERATORS = Map.ofEntries(
            Map.entry("nw", "new"),
            Map.entry("na", "new[]"),
            Map.entry("dl", "delete"),
            Map.entry("da", "delete[]"),
            Map.entry("pl", "+"),
            Map.entry("mi", "-"),
            Map.entry("ml", "*"),
            Map.entry("dv", "/"),
            Map.entry("rm", "%"),
            Map.entry("eq", "=="),
            Map.entry("ne", "!="),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("le", "<="),
            Map.entry("ge", ">="),
            Map.entry("aS", "="),
            Map.entry("pL", "+="),
            Map.entry("mI", "-="),
            Map.entry("mL", "*="),
            Map.entry("dV", "/="),
            Map.entry("ls", "<<"),
            Map.entry("rs", ">>"),
            Map.entry("ix", "[]"),
            Map.entry("cl", "()"),
            Map.entry("pt", "->"),
            Map.entry("pp", "++"),
            Map.entry("mm", "--"),
            Map.entry("nt", "!"),
            Map.entry("co", "~"),
            Map.entry("aa", "&&"),
            Map.entry("oo", "||"),
            Map.entry("an", "&"),
            Map.entry("or", "|"),
            Map.entry("eo", "^"),
            Map.entry("ad", "&"),
            Map.entry("de", "*"),
            Map.entry("ng", "-"));

    private final String text;
    private final List<String> substitutions = new ArrayList<>();
    private List<String> arguments = List.of();
    private int at = 2;
    private int depth;
    /** Of the name read last: it ends with template arguments, so a function of this name tells its result first; what it is a member of; qualifiers of `this`. */
    private boolean template;

    private boolean converts;
    private String qualifiers = "";

    ItaniumName(String text) {
        this.text = text;
    }

    String whole() {
        String encoding = encoding();
        if (at < text.length() && text.charAt(at) != '.') throw new Unreadable();
        return at < text.length() ? encoding + " [clone " + text.substring(at) + "]" : encoding;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean accept(String wanted) {
        if (!text.startsWith(wanted, at)) return false;
        at += wanted.length();
        return true;
    }

    private String encoding() {
        if (accept("TV")) return "vtable for " + type();
        if (accept("TI")) return "typeinfo for " + type();
        if (accept("TS")) return "typeinfo name for " + type();
        if (accept("GV")) return "guard variable for " + name();
        String name = name();
        String after = qualifiers;
        if (at >= text.length() || peek() == 'E' || peek() == '.') return name + after;
        String result = template && !converts ? type() + " " : "";
        return result + name + parameters() + after;
    }

    private String parameters() {
        var all = new ArrayList<String>();
        while (at < text.length() && peek() != 'E' && peek() != '.') all.add(type());
        if (all.size() == 1 && all.getFirst().equals("void")) all.clear();
        all.removeIf(String::isEmpty);
        return "(" + String.join(", ", all) + ")";
    }

    private String name() {
        qualifiers = "";
        template = false;
        converts = false;
        if (accept("N")) return nested();
        if (accept("Z")) return local();
        boolean standard = text.startsWith("St", at) && text.length() > at + 2;
        String name;
        if (peek() == 'S' && !standard) name = substitution();
        else {
            boolean prefixed = accept("St");
            String own = unqualified("");
            name = prefixed ? "std::" + own : own;
            if (peek() == 'I') substitutions.add(name);
        }
        if (peek() != 'I') return name;
        template = true;
        return name + templateArguments();
    }

    private String local() {
        String function = encoding();
        if (!accept("E")) throw new Unreadable();
        if (accept("s")) return function + "::string literal";
        String own = name();
        if (accept("_")) while (Character.isDigit(peek())) at++;
        return function + "::" + own;
    }

    private String nested() {
        var after = new StringBuilder();
        while ("rVK".indexOf(peek()) >= 0)
            after.append(
                    switch (text.charAt(at++)) {
                        case 'K' -> " const";
                        case 'V' -> " volatile";
                        default -> " restrict";
                    });
        if (accept("R")) after.append(" &");
        else if (accept("O")) after.append(" &&");
        String prefix = "";
        String last = "";
        boolean ends = false;
        boolean conversion = false;
        boolean structor = false;
        while (!accept("E")) {
            if (peek() == 0) throw new Unreadable();
            if (peek() == 'I') {
                prefix += templateArguments();
                ends = true;
            } else if (peek() == 'S' && !text.startsWith("St", at)) {
                prefix = substitution();
                last = lastPart(prefix);
                continue;
            } else if (accept("St")) {
                prefix = "std";
                continue;
            } else if (peek() == 'T') prefix = parameter();
            else {
                conversion = text.startsWith("cv", at);
                String own = unqualified(last);
                structor = isStructor;
                prefix = prefix.isEmpty() ? own : prefix + "::" + own;
                last = own;
                ends = false;
            }
            if (peek() != 'E') substitutions.add(prefix);
        }
        template = ends;
        converts = conversion || structor;
        qualifiers = after.toString();
        return prefix;
    }

    private boolean isStructor;

    private static String lastPart(String name) {
        int depth = 0;
        int start = 0;
        int end = name.length();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '<' && depth++ == 0 && i > start) end = i;
            if (c == '>') depth--;
            if (c == ':' && depth == 0) {
                start = i + 1;
                end = name.length();
            }
        }
        return name.substring(start, end);
    }

    /** @param of what a constructor or destructor is called after */
    private String unqualified(String of) {
        String own;
        isStructor = false;
        accept("L");
        if (Character.isDigit(peek())) own = source();
        else if (peek() == 'C' && Character.isDigit(text.charAt(at + 1))) {
            at += 2;
            isStructor = true;
            own = of;
        } else if (peek() == 'D' && Character.isDigit(text.charAt(at + 1))) {
            at += 2;
            isStructor = true;
            own = "~" + of;
        } else if (accept("cv")) own = "operator " + type();
        else if (accept("Ul")) {
            String parameters = parameters();
            if (!accept("E")) throw new Unreadable();
            own = "{lambda" + parameters + "#" + ordinal() + "}";
        } else if (accept("Ut")) own = "{unnamed type#" + ordinal() + "}";
        else {
            String operator = OPERATORS.get(text.substring(at, at + 2));
            if (operator == null) throw new Unreadable();
            at += 2;
            own = "operator" + (Character.isLetter(operator.charAt(0)) ? " " : "") + operator;
        }
        while (accept("B")) own += "[abi:" + source() + "]";
        return own;
    }

    private int ordinal() {
        int start = at;
        while (Character.isDigit(peek())) at++;
        int number = start == at ? 1 : Integer.parseInt(text.substring(start, at)) + 2;
        if (!accept("_")) throw new Unreadable();
        return number;
    }

    private String source() {
        int start = at;
        while (Character.isDigit(peek())) at++;
        if (at - start > 5 || at == start) throw new Unreadable();
        int length = Integer.parseInt(text.substring(start, at));
        String name = text.substring(at, at + length);
        at += length;
        return name.startsWith("_GLOBAL__N") ? "(anonymous namespace)" : name;
    }

    private String substitution() {
        at++;
        String standard = STANDARD.get(peek());
        if (standard != null) {
            at++;
            return standard;
        }
        return numbered(substitutions);
    }

    private String parameter() {
        at++;
        return numbered(arguments);
    }

    /** _ is the first, 0_ the second, in base 36. */
    private String numbered(List<String> of) {
        int start = at;
        while (peek() != '_') {
            if (peek() == 0) throw new Unreadable();
            at++;
        }
        String digits = text.substring(start, at++);
        int index = digits.isEmpty() ? 0 : Integer.parseInt(digits, 36) + 1;
        if (index >= of.size()) throw new Unreadable();
        return of.get(index);
    }

    private String templateArguments() {
        at++;
        var all = new ArrayList<String>();
        while (!accept("E")) all.add(templateArgument());
        arguments = List.copyOf(all);
        all.removeIf(String::isEmpty);
        String list = String.join(", ", all);
        return "<" + list + (list.endsWith(">") ? " >" : ">");
    }

    private String templateArgument() {
        if (accept("J")) {
            var pack = new ArrayList<String>();
            while (!accept("E")) pack.add(templateArgument());
            return String.join(", ", pack);
        }
        if (!accept("L")) return type();
        if (accept("_Z")) {
            String name = encoding();
            if (!accept("E")) throw new Unreadable();
            return name;
        }
        String type = type();
        int end = text.indexOf('E', at);
        if (end < 0) throw new Unreadable();
        String value = text.substring(at, end).replace('n', '-');
        at = end + 1;
        return switch (type) {
            case "bool" -> value.equals("0") ? "false" : "true";
            case "int" -> value;
            case "unsigned int" -> value + "u";
            case "long" -> value + "l";
            case "unsigned long" -> value + "ul";
            default -> "(" + type + ")" + value;
        };
    }

    private String type() {
        if (++depth > DEEPEST) throw new Unreadable();
        try {
            return readType();
        } finally {
            depth--;
        }
    }

    private String readType() {
        char c = peek();
        String builtIn = BUILT_IN.get(c);
        if (builtIn != null) {
            at++;
            return builtIn;
        }
        switch (c) {
            case 'P', 'R', 'O' -> {
                at++;
                return added(pointed(type(), c == 'P' ? "*" : c == 'R' ? "&" : "&&"));
            }
            case 'K', 'V' -> {
                at++;
                return added(type() + (c == 'K' ? " const" : " volatile"));
            }
            case 'F' -> {
                at++;
                String result = type();
                String parameters = parameters();
                if (!accept("E")) throw new Unreadable();
                return added(result + " " + parameters);
            }
            case 'A' -> {
                at++;
                int end = text.indexOf('_', at);
                if (end < 0) throw new Unreadable();
                String size = text.substring(at, end);
                at = end + 1;
                return added(type() + " [" + size + "]");
            }
            case 'D' -> {
                return special();
            }
            case 'T' -> {
                String parameter = added(parameter());
                return peek() == 'I' ? added(parameter + templateArguments()) : parameter;
            }
            case 'S' -> {
                if (!text.startsWith("St", at)) {
                    String known = substitution();
                    return peek() == 'I' ? added(known + templateArguments()) : known;
                }
            }
            default -> {}
        }
        var before = arguments;
        String name = name();
        arguments = before.isEmpty() ? arguments : before;
        return added(name);
    }

    private String special() {
        if (accept("Dn")) return "decltype(nullptr)";
        if (accept("Di")) return "char32_t";
        if (accept("Ds")) return "char16_t";
        if (accept("Du")) return "char8_t";
        if (accept("Da")) return "auto";
        if (accept("Dp")) return type();
        if (accept("Do")) return readType();
        throw new Unreadable();
    }

    /** int (int) → int (*)(int) */
    private static String pointed(String type, String sign) {
        int function = type.endsWith(")") ? type.indexOf(" (") : -1;
        if (function >= 0) return type.substring(0, function) + " (" + sign + ")" + type.substring(function + 1);
        return type + sign;
    }

    private String added(String type) {
        substitutions.add(type);
        return type;
    }
}
