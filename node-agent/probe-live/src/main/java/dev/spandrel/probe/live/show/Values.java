package dev.spandrel.probe.live.show;

import dev.spandrel.ebpf.Errno;
import dev.spandrel.probe.live.facts.HostFacts;
import dev.spandrel.probe.live.profile.Frame;
import dev.spandrel.probe.live.session.Bytes;
import dev.spandrel.probe.live.session.Clocks;
import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.output.Action;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.output.MapSpec;
import dev.spandrel.probe.type.Aggregate;
import dev.spandrel.probe.type.Type;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Values as text. */
public final class Values {
    private static final int AF_INET6 = 10;
    private static final int KEY_STACK_INDENT = 4;
    /** EEXIST, of the kernel's stack map. */
    private static final long PLACE_TAKEN = -17;

    private final Compiled compiled;
    private final Maps maps;
    private final HostFacts facts;
    private final UserSymbols symbols;
    private final Owners owners;
    private final long booted = System.currentTimeMillis() * 1_000_000 - Clocks.bootNanos();

    /** @param owners of cgroups */
    public Values(Compiled compiled, Maps maps, HostFacts facts, Owners owners) {
        this.owners = owners;
        this.compiled = compiled;
        this.maps = maps;
        this.facts = facts;
        symbols = new UserSymbols();
    }

    public Owners owners() {
        return owners;
    }

    /** @param indent of each line of a stack */
    public String show(Type type, byte[] content, int at, int indent) {
        var bytes = Bytes.of(content);
        return switch (type) {
            case Type.Int(int _, boolean signed) -> number(bytes.getLong(at), signed);
            case Type.Pointer _ -> "0x" + Long.toHexString(bytes.getLong(at));
            case Type.ProbeName(boolean function) -> {
                var point = compiled.points().get((int) bytes.getLong(at));
                yield function ? point.function() : point.name();
            }
            case Type.Named(var naming) -> named(naming, bytes.getLong(at));
            case Type.Text(int size) -> text(content, at, size);
            case Type.Bytes(int _) -> escaped(buffer(content, at));
            case Type.Tuple(var parts) -> {
                var shown = new ArrayList<String>();
                int next = at;
                for (Type part : parts) {
                    shown.add(show(part, content, next, indent));
                    next += part.stored();
                }
                yield "(" + String.join(", ", shown) + ")";
            }
            case Type.Array(Type element, int count) -> {
                var shown = new ArrayList<String>();
                int each = Type.natural(element);
                for (int i = 0; i < count; i++) shown.add(element(element, content, at + i * each));
                yield "[" + String.join(",", shown) + "]";
            }
            case Type.Stack stack -> stack(stack, bytes.getLong(at), (int) bytes.getLong(at + 8), indent);
            case Type.Symbol(boolean kernel) ->
                kernel
                        ? facts.kernelSymbols().show(bytes.getLong(at), false)
                        : symbols.show((int) bytes.getLong(at + 8), bytes.getLong(at), false);
            case Type.Inet _ -> inet(content, at);
            case Type.Mac _ -> mac(content, at);
            case Type.Time _ ->
                new TimeFormat(compiled.timeFormats().get((int) bytes.getLong(at)))
                        .show(instant(bytes.getLong(at + 8)));
            case Type.TraceId _ -> {
                var id = Arrays.copyOfRange(content, at, at + 16);
                yield Arrays.equals(id, new byte[16]) ? "" : HexFormat.of().formatHex(id);
            }
            case Type.SpanId _ -> {
                var id = Arrays.copyOfRange(content, at, at + 8);
                yield bytes.getLong(at) == 0 ? "" : HexFormat.of().formatHex(id);
            }
            case Type.RequestName _ -> text(content, at, type.stored());
            case Type.Owner(var level) -> owners.name(level, bytes.getLong(at));
            case Type.CgroupPath _ -> "unified:" + owners.path(bytes.getLong(at + 8));
            case Type.Struct _, Type.None _, Type.Unknown _, Aggregate _ -> "";
        };
    }

    private String named(Type.Naming naming, long number) {
        return switch (naming) {
            case USER -> Users.name(number);
            case ERROR -> Errno.text((int) number);
            case SYSCALL -> facts.syscallName((int) number);
        };
    }

    /** Parts of a map's key. */
    public String key(List<Type> types, byte[] key, String between) {
        var shown = new ArrayList<String>();
        int at = 0;
        for (Type type : types) {
            shown.add(show(type, key, at, KEY_STACK_INDENT));
            at += type.stored();
        }
        return String.join(between, shown);
    }

    static String joined(Action.Join join, byte[] content) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < join.strings(); i++) {
            String part = text(content, 8 + i * join.bytes(), join.bytes());
            if (part.isEmpty()) break;
            parts.add(part);
        }
        return String.join(join.separator(), parts);
    }

    private Instant instant(long sinceBoot) {
        long nanos = booted + sinceBoot;
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }

    static String number(long value, boolean signed) {
        return signed ? Long.toString(value) : Long.toUnsignedString(value);
    }

    private static String element(Type type, byte[] content, int at) {
        var bytes = Bytes.of(content);
        boolean signed = type instanceof Type.Int(int _, boolean s) && s;
        return switch (Type.natural(type)) {
            case 1 -> Integer.toString(signed ? content[at] : content[at] & 0xff);
            case 2 -> Integer.toString(signed ? bytes.getShort(at) : bytes.getShort(at) & 0xffff);
            case 4 -> signed ? Integer.toString(bytes.getInt(at)) : Integer.toUnsignedString(bytes.getInt(at));
            default -> number(bytes.getLong(at), signed);
        };
    }

    static String text(byte[] content, int at, int size) {
        int end = at;
        while (end < at + size && end < content.length && content[end] != 0) end++;
        return new String(content, at, end - at, StandardCharsets.UTF_8);
    }

    static byte[] buffer(byte[] content, int at) {
        int length = Bytes.of(content).getInt(at);
        return Arrays.copyOfRange(content, at + 4, Math.min(content.length, at + 4 + length));
    }

    static String escaped(byte[] content) {
        var shown = new StringBuilder();
        for (byte b : content) {
            if (b >= 32 && b < 127) shown.append((char) b);
            else shown.append("\\x%02x".formatted(b & 0xff));
        }
        return shown.toString();
    }

    private String stack(Type.Stack stack, long id, int pid, int indent) {
        var addresses = maps.stack(MapSpec.stacks(stack), id);
        if (addresses.length == 0) return "";
        String padding = " ".repeat(indent);
        List<String> lines = Arrays.stream(addresses)
                .mapToObj(address -> padding
                        + switch (stack.mode()) {
                            case RAW -> "0x" + Long.toHexString(address);
                            case BPFTRACE -> symbol(stack.kernel(), pid, address);
                            case PERF ->
                                "\t"
                                        + "%x %s (%s)"
                                                .formatted(
                                                        address,
                                                        symbol(stack.kernel(), pid, address),
                                                        stack.kernel() ? "kernel" : symbols.file(pid, address));
                        })
                .toList();
        return lines.stream().collect(Collectors.joining("\n", "\n", "\n"));
    }

    /** The innermost first; none where no stack could be had. A stack that found its place taken is one frame that says so. */
    List<Frame> frames(Type.Stack stack, byte[] content, int at) {
        long id = Bytes.of(content).getLong(at);
        int pid = (int) Bytes.of(content).getLong(at + 8);
        if (id == PLACE_TAKEN) return List.of(new Frame("[stack not kept]", "", 0, Frame.Kind.OTHER));
        return Arrays.stream(maps.stack(MapSpec.stacks(stack), id))
                .mapToObj(address -> stack.kernel()
                        ? Frame.kernel(facts.kernelSymbols().show(address, false))
                        : symbols.frame(pid, address))
                .toList();
    }

    /** What is known of processes is read anew. */
    public void forgetProcesses() {
        symbols.forgetProcesses();
    }

    private String symbol(boolean kernel, int pid, long address) {
        return kernel ? facts.kernelSymbols().show(address, true) : symbols.show(pid, address, true);
    }

    private static String inet(byte[] content, int at) {
        long family = Bytes.of(content).getLong(at);
        int size = family == AF_INET6 ? 16 : 4;
        var address = Arrays.copyOfRange(content, at + 8, at + 8 + size);
        return size == 4
                ? (address[0] & 0xff) + "." + (address[1] & 0xff) + "." + (address[2] & 0xff) + "."
                        + (address[3] & 0xff)
                : six(address);
    }

    /** The longest run of zeroes is left out, as inet_ntop(3) has it. */
    private static String six(byte[] address) {
        try {
            var whole = InetAddress.getByAddress(address);
            if (whole.getAddress().length == 4) return "::ffff:" + whole.getHostAddress();
            var groups = whole.getHostAddress().split(":");
            int best = -1;
            int longest = 1;
            for (int i = 0; i < groups.length; i++) {
                int end = i;
                while (end < groups.length && groups[end].equals("0")) end++;
                if (end - i > longest) {
                    longest = end - i;
                    best = i;
                }
            }
            if (best < 0) return String.join(":", groups);
            return String.join(":", Arrays.copyOf(groups, best)) + "::"
                    + String.join(":", Arrays.copyOfRange(groups, best + longest, groups.length));
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private static String mac(byte[] content, int at) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < 6; i++) parts.add("%02X".formatted(content[at + i] & 0xff));
        return String.join(":", parts);
    }
}
