package dev.spandrel.ebpf.dwarf;

/** DWARF's numbers, as far as they are used. */
public final class Dwarf {
    // Tags.
    public static final int ARRAY = 0x01;
    public static final int CLASS = 0x02;
    public static final int ENUMERATION = 0x04;
    public static final int PARAMETER = 0x05;
    public static final int MEMBER = 0x0d;
    public static final int POINTER = 0x0f;
    public static final int REFERENCE = 0x10;
    public static final int STRUCTURE = 0x13;
    public static final int TYPEDEF = 0x16;
    public static final int UNION = 0x17;
    public static final int INHERITANCE = 0x1c;
    static final int MODULE = 0x1e;
    public static final int SUBRANGE = 0x21;
    public static final int BASE = 0x24;
    public static final int CONST = 0x26;
    static final int SUBPROGRAM = 0x2e;
    public static final int VOLATILE = 0x35;
    public static final int RESTRICT = 0x37;
    static final int NAMESPACE = 0x39;
    public static final int RVALUE_REFERENCE = 0x42;
    public static final int ATOMIC = 0x47;

    // Attributes.
    static final int SIBLING = 0x01;
    static final int NAME = 0x03;
    public static final int BYTE_SIZE = 0x0b;
    public static final int BIT_OFFSET = 0x0c;
    public static final int BIT_SIZE = 0x0d;
    static final int LOW_PC = 0x11;
    static final int HIGH_PC = 0x12;
    static final int LANGUAGE = 0x13;
    public static final int UPPER_BOUND = 0x2f;
    static final int ABSTRACT_ORIGIN = 0x31;
    public static final int ARTIFICIAL = 0x34;
    static final int CALLING_CONVENTION = 0x36;
    public static final int COUNT = 0x37;
    static final int DATA_MEMBER_LOCATION = 0x38;
    public static final int DECLARATION = 0x3c;
    public static final int ENCODING = 0x3e;
    public static final int EXTERNAL = 0x3f;
    static final int SPECIFICATION = 0x47;
    public static final int TYPE = 0x49;
    static final int RANGES = 0x55;
    public static final int DATA_BIT_OFFSET = 0x6b;
    static final int STR_OFFSETS_BASE = 0x72;
    static final int ADDR_BASE = 0x73;
    static final int RNGLISTS_BASE = 0x74;

    /** Of base types. */
    public static final int BOOLEAN = 0x02;

    public static final int COMPLEX_FLOAT = 0x03;
    public static final int FLOAT = 0x04;
    public static final int SIGNED = 0x05;
    public static final int SIGNED_CHAR = 0x06;
    public static final int DECIMAL_FLOAT = 0x0f;

    private Dwarf() {}
}
