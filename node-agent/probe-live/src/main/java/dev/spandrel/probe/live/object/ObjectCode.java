package dev.spandrel.probe.live.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What can be said of an object's file alone. Reads foreign bytes and never throws. */
final class ObjectCode {
    private static final int ELF = 0x464c457f;
    private static final int BPF = 247;
    private static final int EXECUTABLE = 4;
    private static final int PROGRAM_BITS = 1;
    private static final int CALL = 0x85;
    private static final int OF_KERNEL = 2;
    /** By the kernel's numbers: what changes processes or what they do. */
    private static final Map<Integer, String> REFUSED = Map.of(
            36, "bpf_probe_write_user",
            58, "bpf_override_return",
            109, "bpf_send_signal",
            117, "bpf_send_signal_thread");

    private ObjectCode() {}

    /**
     * In people's terms; none: nothing is wrong so far.
     *
     * @param confined whether it may read the memory of the selected processes alone
     */
    static List<String> problems(byte[] file, boolean confined) {
        var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < 64 || bytes.getInt(0) != ELF) return List.of("it is no ELF file");
        if (bytes.get(4) != 2 || bytes.get(5) != 1 || bytes.getShort(18) != BPF)
            return List.of("it is no BPF object: compile it with clang -target bpf -g -O2");
        var problems = new ArrayList<String>();
        try {
            int sections = Math.toIntExact(bytes.getLong(40));
            for (int i = 0; i < bytes.getShort(60); i++)
                section(bytes, sections + i * bytes.getShort(58), confined, problems);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return List.of("its section table is broken");
        }
        return problems.stream().distinct().toList();
    }

    private static void section(ByteBuffer bytes, int header, boolean confined, List<String> problems) {
        if (bytes.getInt(header + 4) != PROGRAM_BITS || (bytes.getLong(header + 8) & EXECUTABLE) == 0) return;
        int from = Math.toIntExact(bytes.getLong(header + 24));
        int end = Math.addExact(from, Math.toIntExact(bytes.getLong(header + 32)));
        for (int at = from; at + 8 <= end; at += 8) {
            if ((bytes.get(at) & 0xff) != CALL) continue;
            int kind = bytes.get(at + 1) >> 4 & 0xf;
            String refused = REFUSED.get(bytes.getInt(at + 4));
            if (kind == 0 && refused != null) problems.add("it calls " + refused + ", which is not allowed");
            else if (kind == 0 && confined && !ConfinedHelpers.has(bytes.getInt(at + 4)))
                problems.add(("it calls the kernel's helper %d, and not every Kubernetes namespace's objects may: "
                                + "it is none of those that read no memory but the selected processes'")
                        .formatted(bytes.getInt(at + 4)));
            if (kind == OF_KERNEL) problems.add("it calls kernel functions (kfuncs), which is not allowed");
        }
    }
}
