package dev.spandrel.probe.live.show;

import dev.spandrel.probe.format.Format;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.type.Type;
import java.util.HexFormat;
import java.util.List;

/** What printf makes of its arguments. */
final class Formatted {
    private static final int STACK_INDENT = 8;

    private final Values values;

    Formatted(Values values) {
        this.values = values;
    }

    String show(Format format, List<Type> types, byte[] content, int from) {
        var shown = new StringBuilder();
        int at = from;
        int argument = 0;
        for (var piece : format.pieces()) {
            switch (piece) {
                case Format.Literal(var text) -> shown.append(text);
                case Format.Slot slot -> {
                    if (argument >= types.size()) break;
                    var type = types.get(argument++);
                    shown.append(padded(slot, one(slot, type, content, at), isNumber(type)));
                    at += type.stored();
                }
            }
        }
        return shown.toString();
    }

    private static boolean isNumber(Type type) {
        return type instanceof Type.Int || type instanceof Type.Pointer;
    }

    private String one(Format.Slot slot, Type type, byte[] content, int at) {
        if (!isNumber(type)) {
            String text = type instanceof Type.Bytes && slot.conversion() == 'x'
                    ? HexFormat.of().formatHex(Values.buffer(content, at))
                    : values.show(type, content, at, STACK_INDENT);
            return slot.precision() >= 0 && text.length() > slot.precision()
                    ? text.substring(0, slot.precision())
                    : text;
        }
        long value = Bytes.of(content).getLong(at);
        boolean alternative = slot.flags().contains("#");
        return switch (slot.conversion()) {
            case 'x' -> (alternative && value != 0 ? "0x" : "") + digits(slot, Long.toHexString(value));
            case 'X' ->
                (alternative && value != 0 ? "0X" : "")
                        + digits(slot, Long.toHexString(value).toUpperCase(java.util.Locale.ROOT));
            case 'o' -> digits(slot, Long.toOctalString(value));
            case 'p' -> "0x" + Long.toHexString(value);
            case 'c' -> Character.toString((char) (value & 0xff));
            case 'u' -> digits(slot, Long.toUnsignedString(value));
            default -> signed(slot, type, value);
        };
    }

    private static String signed(Format.Slot slot, Type type, long value) {
        boolean unsigned = type instanceof Type.Int(int _, boolean s) && !s && value < 0;
        String sign = value < 0 && !unsigned
                ? "-"
                : slot.flags().contains("+") ? "+" : slot.flags().contains(" ") ? " " : "";
        return sign
                + digits(
                        slot,
                        unsigned
                                ? Long.toUnsignedString(value)
                                : Long.toString(value).replace("-", ""));
    }

    private static String digits(Format.Slot slot, String digits) {
        return slot.precision() > digits.length() ? "0".repeat(slot.precision() - digits.length()) + digits : digits;
    }

    private static String padded(Format.Slot slot, String text, boolean number) {
        int missing = slot.width() - text.length();
        if (missing <= 0) return text;
        if (slot.flags().contains("-")) return text + " ".repeat(missing);
        if (!number || !slot.flags().contains("0") || slot.precision() >= 0) return " ".repeat(missing) + text;
        int sign = text.startsWith("-") || text.startsWith("+") || text.startsWith(" ") ? 1 : 0;
        return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
    }
}
