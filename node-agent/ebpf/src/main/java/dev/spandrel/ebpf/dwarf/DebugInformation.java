package dev.spandrel.ebpf.dwarf;

import dev.spandrel.ebpf.elf.ElfFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a compiler has said of a file. Which unit an address is of is looked up; in that one alone are entries read. */
public final class DebugInformation {
    // In all their versions. Functions of others need not be called as the machine's conventions say.
    private static final Set<Integer> C = Set.of(0x01, 0x02, 0x0c, 0x1d, 0x2c);
    private static final Set<Integer> CPLUSPLUS = Set.of(0x04, 0x1a, 0x21, 0x2b);
    /** Of a function that is called in a way of its own. */
    private static final int NO_CALL = 3;

    /** Name spaces in name spaces. */
    private static final int DEEPEST = 32;

    private static final int PLUS_CONSTANT = 0x23;

    private final ByteBuffer information;
    private final ByteBuffer abbreviations;
    private final ByteBuffer text;
    private final ByteBuffer lineText;
    private final ByteBuffer textOffsets;
    private final ByteBuffer addresses;
    private final Ranges ranges;
    private final AddressTable table;
    private final Map<Long, Map<Long, Abbreviation>> tables = new HashMap<>();
    private final TreeMap<Integer, Unit> units = new TreeMap<>();

    private DebugInformation(Sections sections) {
        information = sections.get(".debug_info");
        abbreviations = sections.get(".debug_abbrev");
        text = sections.get(".debug_str");
        lineText = sections.get(".debug_line_str");
        textOffsets = sections.get(".debug_str_offsets");
        addresses = sections.get(".debug_addr");
        ranges = new Ranges(sections.get(".debug_ranges"), sections.get(".debug_rnglists"));
        table = new AddressTable(sections.get(".debug_aranges"));
        for (var from = new Cursor(information, 0); !from.atEnd(); ) {
            var unit = Unit.read(from);
            units.put(unit.offset(), unit);
            from.at = unit.end();
        }
    }

    /** Empty: there is none, neither in the file nor beside it. */
    public static Optional<DebugInformation> of(ElfFile file) {
        return guarded(() -> Sections.of(file).map(DebugInformation::new));
    }

    private interface Reading<T> {
        Optional<T> read();
    }

    private static <T> Optional<T> guarded(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
            return Optional.empty(); // broken
        }
    }

    private Map<Long, Abbreviation> table(long offset) {
        return tables.computeIfAbsent(offset, at -> Abbreviation.table(new Cursor(abbreviations, at)));
    }

    /** Empty: nothing is said of it, or it is called in a way of its own. */
    public synchronized Optional<Function> function(long address) {
        return guarded(() -> unit(address).flatMap(root -> {
            int language = (int) root.number(Dwarf.LANGUAGE).orElse(0);
            return C.contains(language) || CPLUSPLUS.contains(language)
                    ? find(root, address, DEEPEST).flatMap(function -> called(function, C.contains(language)))
                    : Optional.<Function>empty();
        }));
    }

    /** The first entry of the unit that an address is of. */
    private Optional<Entry> unit(long address) {
        var listed = table.unit(address);
        if (listed.isPresent())
            return Optional.ofNullable(units.get(listed.getAsInt())).flatMap(unit -> entry(unit.first()));
        return units.values().stream()
                .filter(unit -> unit.whole() && !table.lists(unit))
                .flatMap(unit -> at(unit, unit.first()).stream())
                .filter(root -> ranges.has(root, address, index -> address(root.unit(), index)))
                .findFirst();
    }

    private Optional<Entry> find(Entry in, long address, int deepest) {
        var open = new ArrayList<Entry>();
        var found = new ArrayList<Entry>();
        walk(in.unit(), in.after(), entry -> {
            if (entry.tag() == Dwarf.NAMESPACE || entry.tag() == Dwarf.MODULE) open.add(entry);
            else if (entry.tag() == Dwarf.SUBPROGRAM
                    && entry.attribute(Dwarf.LOW_PC)
                            .filter(low -> Ranges.start(low, index -> address(entry.unit(), index)) == address)
                            .isPresent()) found.add(entry);
        });
        return found.stream()
                .findFirst()
                .or(() -> open.stream()
                        .filter(inner -> inner.hasChildren() && deepest > 0)
                        .flatMap(inner -> find(inner, address, deepest - 1).stream())
                        .findFirst());
    }

    private static Optional<Function> called(Entry function, boolean inC) {
        var said = origins(function).toList();
        if (said.stream().anyMatch(one -> one.number(Dwarf.CALLING_CONVENTION).orElse(0) == NO_CALL))
            return Optional.empty();
        var own = parameters(function);
        // A compiler that has left some out may have moved the others.
        boolean whole = said.stream()
                .allMatch(one -> written(parameters(one)) == 0 || written(parameters(one)) == written(own));
        if (!whole) return Optional.empty();
        var result =
                said.stream().flatMap(one -> one.reference(Dwarf.TYPE).stream()).findFirst();
        return Optional.of(new Function(
                own.stream()
                        .map(one -> new Function.Parameter(
                                origins(one)
                                        .map(Entry::name)
                                        .filter(n -> !n.isEmpty())
                                        .findFirst()
                                        .orElse(""),
                                origins(one)
                                        .flatMap(o -> o.reference(Dwarf.TYPE).stream())
                                        .findFirst()))
                        .toList(),
                result,
                inC));
    }

    private static long written(List<Entry> parameters) {
        return parameters.stream()
                .filter(one -> origins(one).noneMatch(origin -> origin.is(Dwarf.ARTIFICIAL)))
                .count();
    }

    private static List<Entry> parameters(Entry function) {
        return function.children().stream()
                .filter(one -> one.tag() == Dwarf.PARAMETER)
                .toList();
    }

    /** Itself, and what it says more of. */
    private static Stream<Entry> origins(Entry entry) {
        return Stream.iterate(
                        Optional.of(entry),
                        Optional::isPresent,
                        one -> one.flatMap(
                                o -> o.reference(Dwarf.ABSTRACT_ORIGIN).or(() -> o.reference(Dwarf.SPECIFICATION))))
                .map(Optional::get)
                .limit(4);
    }

    /** By its offset. */
    public synchronized Optional<Entry> entry(long offset) {
        return guarded(() -> Optional.ofNullable(units.floorEntry(Math.toIntExact(offset)))
                .map(Map.Entry::getValue)
                .filter(unit -> unit.whole() && offset >= unit.first() && offset < unit.end())
                .flatMap(unit -> at(unit, (int) offset)));
    }

    /** Empty: the end of the entries that are in one. */
    private Optional<Entry> at(Unit unit, int offset) {
        var from = new Cursor(information, offset);
        long code = from.unsigned();
        if (code == 0) return Optional.empty();
        var abbreviation = table(unit.abbreviations()).get(code);
        if (abbreviation == null) throw new IndexOutOfBoundsException("abbreviation " + code);
        var attributes = new HashMap<Integer, Entry.Attribute>();
        for (var field : abbreviation.fields())
            attributes.put(
                    field.attribute(),
                    new Entry.Attribute(field.form(), Form.read(from, field.form(), field.constant(), unit)));
        return Optional.of(
                new Entry(this, unit, offset, abbreviation.tag(), abbreviation.children(), from.at, attributes));
    }

    /** Each entry from an offset on, up to the end of what they are in. */
    void walk(Unit unit, int start, Consumer<Entry> visit) {
        guarded(() -> {
            int at = start;
            while (at < unit.end()) {
                var entry = at(unit, at);
                if (entry.isEmpty()) break;
                visit.accept(entry.get());
                at = behind(entry.get());
            }
            return Optional.empty();
        });
    }

    /** It and all that is in it. */
    private int behind(Entry entry) {
        var sibling = entry.attribute(Dwarf.SIBLING);
        if (!entry.hasChildren()) return entry.after();
        if (sibling.isPresent() && sibling.get().value() > entry.offset())
            return Math.toIntExact(sibling.get().value());
        var from = new Cursor(information, entry.after());
        var known = table(entry.unit().abbreviations());
        for (int depth = 1; depth > 0; ) {
            long code = from.unsigned();
            if (code == 0) depth--;
            else {
                var abbreviation = known.get(code);
                if (abbreviation == null) throw new IndexOutOfBoundsException("abbreviation " + code);
                for (var field : abbreviation.fields()) Form.read(from, field.form(), field.constant(), entry.unit());
                if (abbreviation.children()) depth++;
            }
        }
        return from.at;
    }

    String text(Unit unit, Entry.Attribute one) {
        return guarded(() -> Optional.of(
                        switch (one.form()) {
                            case Form.STRING -> new Cursor(information, one.value()).text();
                            case Form.STRP -> new Cursor(text, one.value()).text();
                            case Form.LINE_STRP -> new Cursor(lineText, one.value()).text();
                            case Form.STRX, 0x25, 0x26, 0x27, 0x28 -> indexed(unit, one.value());
                            default -> "";
                        }))
                .orElse("");
    }

    private String indexed(Unit unit, long index) {
        int size = unit.wide() ? 8 : 4;
        long base = at(unit, unit.first())
                .orElseThrow()
                .number(Dwarf.STR_OFFSETS_BASE)
                .orElse(2L * size);
        return new Cursor(text, new Cursor(textOffsets, base + index * size).number(size)).text();
    }

    private long address(Unit unit, long index) {
        long base = at(unit, unit.first()).orElseThrow().number(Dwarf.ADDR_BASE).orElse(8);
        return new Cursor(addresses, base + index * 8).number(8);
    }

    /** What an expression adds that does nothing else. */
    OptionalLong added(Entry.Attribute block) {
        return guarded(() -> {
                    var from = new Cursor(information, block.value());
                    return from.byte1() == PLUS_CONSTANT ? Optional.of(from.unsigned()) : Optional.<Long>empty();
                })
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }
}
