package dev.spandrel.ebpf.dwarf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A function, parameter, type or member: its tag, attributes and what is in it. Where it is broken it has nothing more. */
public final class Entry {
    private final DebugInformation of;
    private final Unit unit;
    private final int offset;
    private final int tag;
    private final boolean children;
    private final int after;
    private final Map<Integer, Attribute> attributes;

    record Attribute(int form, long value) {}

    Entry(
            DebugInformation of,
            Unit unit,
            int offset,
            int tag,
            boolean children,
            int after,
            Map<Integer, Attribute> attributes) {
        this.of = of;
        this.unit = unit;
        this.offset = offset;
        this.tag = tag;
        this.children = children;
        this.after = after;
        this.attributes = attributes;
    }

    /** In the file: what finds it again by {@link DebugInformation#entry}. */
    public int offset() {
        return offset;
    }

    public int tag() {
        return tag;
    }

    Unit unit() {
        return unit;
    }

    /** Where the next entry begins. */
    int after() {
        return after;
    }

    boolean hasChildren() {
        return children;
    }

    Optional<Attribute> attribute(int name) {
        return Optional.ofNullable(attributes.get(name));
    }

    /** A number; empty also where it is to be calculated. */
    public OptionalLong number(int name) {
        var found = attributes.get(name);
        return found == null || Form.isBlock(found.form()) ? OptionalLong.empty() : OptionalLong.of(found.value());
    }

    public boolean is(int name) {
        return number(name).orElse(0) != 0;
    }

    public String name() {
        return attribute(Dwarf.NAME).map(one -> of.text(unit, one)).orElse("");
    }

    /** Another entry, of the same file. */
    public Optional<Entry> reference(int name) {
        return attribute(name).filter(one -> Form.isReference(one.form())).flatMap(one -> of.entry(one.value()));
    }

    /** Bytes from the beginning of what it is a member of; empty: only a running program knows. */
    public OptionalLong memberOffset() {
        var found = attributes.get(Dwarf.DATA_MEMBER_LOCATION);
        if (found == null) return OptionalLong.of(0);
        return Form.isBlock(found.form()) ? of.added(found) : OptionalLong.of(found.value());
    }

    public List<Entry> children() {
        var all = new ArrayList<Entry>();
        if (children) of.walk(unit, after, all::add);
        return all;
    }
}
