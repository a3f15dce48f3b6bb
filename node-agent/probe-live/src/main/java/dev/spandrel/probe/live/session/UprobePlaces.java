package dev.spandrel.probe.live.session;

import dev.spandrel.ebpf.code.Abi;
import dev.spandrel.ebpf.code.Exits;
import dev.spandrel.ebpf.code.Placement;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import dev.spandrel.probe.check.Target;
import dev.spandrel.probe.live.facts.Executables;
import java.nio.file.Path;
import java.util.List;

/** Where probes of functions stand: a place that the kernel emulates costs a fifteenth of one that it single-steps. */
public final class UprobePlaces {
    /**
     * @param offsets in the file; several where each way out is probed by itself
     * @param atReturn whether the kernel has to put a return address of its own on the stack
     * @param why in words
     */
    public record Place(List<Long> offsets, boolean atReturn, String why) {}

    private final Executables executables;

    public UprobePlaces(Executables executables) {
        this.executables = executables;
    }

    /** @param readsStack whether the program looks at the stack pointer, which is what it was at a function's entry only there */
    public Place of(Target.Uprobe uprobe, boolean readsStack) {
        var elf = elf(uprobe.path());
        if (uprobe.symbol().isEmpty())
            return at(elf.fileOffset(uprobe.offset()).orElse(uprobe.offset()), uprobe, "the address as it is written");
        var function = executables.functions(uprobe.path()).get(uprobe.symbol());
        if (function == null) throw new Refusal(uprobe.path() + ": there is no function " + uprobe.symbol());
        long entry = elf.fileOffset(function.address())
                .orElseThrow(() -> new Refusal(uprobe.path() + ": " + uprobe.symbol() + " is not in the file"));
        if (uprobe.offset() != 0) return at(entry + uprobe.offset(), uprobe, "the offset as it is written");
        boolean go = isGo(elf);
        if (elf.machine() != ElfFile.X86_64) {
            if (go && uprobe.atReturn()) throw goReturn(uprobe);
            return at(entry, uprobe, "the entry: which instructions are emulated is known for x86-64 alone");
        }
        return uprobe.atReturn()
                ? ofReturn(elf, function, entry, uprobe, go, readsStack)
                : ofEntry(elf, function, entry, uprobe, go, readsStack);
    }

    private static Place at(long offset, Target.Uprobe uprobe, String why) {
        return new Place(List.of(offset), uprobe.atReturn(), why);
    }

    private static Place ofEntry(
            ElfFile elf, ElfFunction function, long entry, Target.Uprobe uprobe, boolean go, boolean readsStack) {
        var place = Placement.of(elf.code(function), go ? Abi.GO : Abi.SYSTEM_V);
        if (!place.emulated())
            return at(
                    entry,
                    uprobe,
                    "the entry, single-stepped: no instruction that the kernel emulates is passed as often with all arguments in place");
        if (place.stackBytes() != 0 && readsStack)
            return at(
                    entry,
                    uprobe,
                    "the entry: the program looks at the stack, and the emulated instruction is behind a push");
        return at(
                entry + place.offset(),
                uprobe,
                place.offset() == 0
                        ? "the entry, which the kernel emulates"
                        : "the first instruction that the kernel emulates");
    }

    /** Go moves stacks and would find the kernel's return address on one: there only ways out are probed. */
    private static Place ofReturn(
            ElfFile elf, ElfFunction function, long entry, Target.Uprobe uprobe, boolean go, boolean readsStack) {
        var code = elf.code(function);
        var emulated = Exits.of(code);
        if (emulated.isPresent() && (go || !readsStack))
            return exits(
                    entry, emulated.get(), "emulated instructions in front of each return, instead of a return probe");
        if (go) {
            var returns = Exits.returns(code).orElseThrow(() -> goReturn(uprobe));
            return exits(entry, returns, "each return instruction: Go's stacks move, so a return probe would break it");
        }
        var place = Placement.ofReturn(code);
        return at(
                entry + place.offset(),
                uprobe,
                place.emulated()
                        ? "a return probe that is set at an emulated instruction"
                        : "a return probe that is set at the entry, single-stepped");
    }

    private static Refusal goReturn(Target.Uprobe uprobe) {
        return new Refusal(uprobe.path() + ": the ways out of the Go function " + uprobe.symbol()
                + " cannot be told, and a return probe would break its stack");
    }

    private static Place exits(long entry, List<Integer> offsets, String why) {
        return new Place(offsets.stream().map(o -> entry + o).toList(), false, why);
    }

    static boolean isGo(ElfFile elf) {
        return elf.section(".gopclntab").isPresent()
                || elf.section(".go.buildinfo").isPresent()
                || elf.section(".data.rel.ro.gopclntab").isPresent();
    }

    static ElfFile elf(String path) {
        return switch (ElfFile.open(Path.of(path))) {
            case ElfFile.Opened.Elf(var file) -> file;
            case ElfFile.Opened.Refused(var reason) -> throw new Refusal(path + ": " + reason);
        };
    }
}
