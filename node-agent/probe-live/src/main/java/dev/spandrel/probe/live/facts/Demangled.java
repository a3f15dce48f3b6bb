package dev.spandrel.probe.live.facts;

/** Names of C++ and Rust as their authors wrote them (Itanium C++ ABI, section 5.1.2; Rust's older scheme is one of its nested names, the newer one its own). */
public final class Demangled {
    private static final int HASH_DIGITS = 16;

    private Demangled() {}

    /** The name itself where it is no mangled one, or one that cannot be read. */
    public static String of(String name) {
        if (name.startsWith("_R")) return newerRust(name);
        if (!name.startsWith("_Z")) return name;
        int version = name.indexOf('@');
        String plain = version < 0 ? name : name.substring(0, version);
        var rust = rust(plain);
        if (!rust.isEmpty()) return rust;
        try {
            return new ItaniumName(plain).whole();
        } catch (ItaniumName.Unreadable | IndexOutOfBoundsException e) {
            return name;
        }
    }

    private static String newerRust(String name) {
        try {
            return RustName.of(name);
        } catch (RustName.Unreadable | IndexOutOfBoundsException e) {
            return name;
        }
    }

    /** _ZN, parts with their lengths, the last of which is h and a hash, E; empty if it is none. */
    private static String rust(String name) {
        if (!name.startsWith("_ZN") || !name.endsWith("E")) return "";
        var path = new StringBuilder();
        String last = "";
        int at = 3;
        while (at < name.length() - 1) {
            int digits = at;
            while (digits < name.length() && Character.isDigit(name.charAt(digits))) digits++;
            if (digits == at || digits - at > 4) return "";
            int end = digits + Integer.parseInt(name.substring(at, digits));
            if (end > name.length() - 1) return "";
            if (!last.isEmpty()) path.append(path.isEmpty() ? "" : "::").append(plain(last));
            last = name.substring(digits, end);
            at = end;
        }
        boolean hash = last.length() == HASH_DIGITS + 1 && last.matches("h[0-9a-f]+");
        return hash ? path.toString() : "";
    }

    /** $LT$ and the like stand for what a symbol cannot hold. */
    private static String plain(String part) {
        String text = part.startsWith("_$") ? part.substring(1) : part;
        return text.replace("$LT$", "<")
                .replace("$GT$", ">")
                .replace("$RF$", "&")
                .replace("$BP$", "*")
                .replace("$LP$", "(")
                .replace("$RP$", ")")
                .replace("$C$", ",")
                .replace("$u20$", " ")
                .replace("$u27$", "'")
                .replace("$u5b$", "[")
                .replace("$u5d$", "]")
                .replace("$u7b$", "{")
                .replace("$u7d$", "}")
                .replace("..", "::");
    }
}
