package dev.spandrel.ebpf.dwarf;

/** How attributes are written: each as a number, which for strings says where the string is, and for blocks where their bytes are. */
final class Form {
    static final int ADDRESS = 0x01;
    static final int STRING = 0x08;
    static final int STRP = 0x0e;
    static final int DATA1 = 0x0b;
    static final int SDATA = 0x0d;
    static final int SEC_OFFSET = 0x17;
    static final int STRX = 0x1a;
    static final int ADDRX = 0x1b;
    static final int LINE_STRP = 0x1f;
    static final int IMPLICIT_CONST = 0x21;
    static final int RNGLISTX = 0x23;

    private Form() {}

    /** One value, and with it where the next one begins. An unknown form is an IndexOutOfBoundsException: nobody knows how long it is. */
    static long read(Cursor from, int form, long constant, Unit unit) {
        return switch (form) {
            case ADDRESS -> from.number(unit.addressBytes());
            case DATA1, 0x0c, 0x25, 0x29 -> from.number(1);
            case 0x05, 0x26, 0x2a -> from.number(2);
            case 0x27, 0x2b -> from.number(3);
            case 0x06, 0x28, 0x2c -> from.number(4);
            case 0x07, 0x20 -> from.number(8);
            case SDATA -> from.signed();
            case 0x0f, STRX, ADDRX, 0x22, RNGLISTX, 0x1f01, 0x1f02 -> from.unsigned();
            case STRP, LINE_STRP, SEC_OFFSET, 0x1d, 0x1f20, 0x1f21 -> from.offset(unit.wide());
            case 0x10 -> from.offset(unit.version() > 2 ? unit.wide() : unit.addressBytes() == 8);
            case 0x11 -> unit.offset() + from.number(1);
            case 0x12 -> unit.offset() + from.number(2);
            case 0x13 -> unit.offset() + from.number(4);
            case 0x14 -> unit.offset() + from.number(8);
            case 0x15 -> unit.offset() + from.unsigned();
            case 0x1c -> from.number(4);
            case 0x24 -> from.number(8);
            case 0x19 -> 1;
            case IMPLICIT_CONST -> constant;
            case STRING -> {
                long at = from.at;
                from.text();
                yield at;
            }
            case 0x1e -> block(from, 16);
            case 0x0a -> block(from, from.number(1));
            case 0x03 -> block(from, from.number(2));
            case 0x04 -> block(from, from.number(4));
            case 0x09, 0x18 -> block(from, from.unsigned());
            default -> throw new IndexOutOfBoundsException("form " + form);
        };
    }

    /** Of another entry in the same file. */
    static boolean isReference(int form) {
        return form >= 0x10 && form <= 0x15;
    }

    static boolean isBlock(int form) {
        return form == 0x0a || form == 0x03 || form == 0x04 || form == 0x09 || form == 0x18;
    }

    private static long block(Cursor from, long size) {
        long at = from.at;
        from.skip(size);
        return at;
    }
}
