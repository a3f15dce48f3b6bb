package dev.spandrel.probe.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an argument of a static probe is when the probe is passed, as its note says: -4@$5, 8@%rdi, 8@-16(%rbp), 8@[sp, 16].
 *
 * @param bytes 1, 2, 4 or 8
 */
public record StaticArgument(int bytes, boolean signed, Operand operand) {
    public sealed interface Operand {}

    public record Constant(long value) implements Operand {}

    /** By the name that struct pt_regs has for it. */
    public record Register(String name) implements Operand {}

    /** In memory of the process. */
    public record Memory(String base, Optional<String> index, int scale, long distance) implements Operand {}

    /** Such as a symbol's address, which is another one in each process. */
    public record Unknown(String written) implements Operand {}

    private static final Pattern ARGUMENT = Pattern.compile("(-?)(\\d)f?@(\\[[^]]*]|\\S+)");
    private static final Pattern CONSTANT = Pattern.compile("\\$?(-?(?:0x[0-9a-f]+|\\d+))");
    private static final Pattern X86_MEMORY = Pattern.compile("(-?\\d*)\\(%(\\w+)(?:,%(\\w+)(?:,(\\d))?)?\\)");
    private static final Pattern ARM_MEMORY = Pattern.compile("\\[(\\w+)(?:, *(-?\\d+))?]");
    private static final Pattern ARM_REGISTER = Pattern.compile("[xw]\\d+|sp");
    private static final Pattern X86_NUMBERED = Pattern.compile("(r\\d+)[dwb]?");
    private static final Pattern X86_NAMED =
            Pattern.compile("[re]?(ax|bx|cx|dx|si|di|bp|sp|ip)|(si|di|bp|sp)l|([abcd])l");

    public static List<StaticArgument> all(String note) {
        var found = new ArrayList<StaticArgument>();
        for (Matcher m = ARGUMENT.matcher(note); m.find(); )
            found.add(
                    new StaticArgument(Integer.parseInt(m.group(2)), !m.group(1).isEmpty(), operand(m.group(3))));
        return found;
    }

    private static Operand operand(String text) {
        var constant = CONSTANT.matcher(text);
        if (constant.matches()) return new Constant(Long.decode(constant.group(1)));
        if (text.startsWith("%"))
            return register(text.substring(1)).<Operand>map(Register::new).orElse(new Unknown(text));
        if (ARM_REGISTER.matcher(text).matches()) return new Register(armRegister(text));
        var arm = ARM_MEMORY.matcher(text);
        if (arm.matches()) return new Memory(armRegister(arm.group(1)), Optional.empty(), 1, number(arm.group(2)));
        var memory = X86_MEMORY.matcher(text);
        if (!memory.matches() || memory.group(2).equals("rip")) return new Unknown(text);
        var base = register(memory.group(2));
        var index = Optional.ofNullable(memory.group(3)).flatMap(StaticArgument::register);
        int scale = (int) Math.max(1, number(memory.group(4)));
        return base.<Operand>map(b -> new Memory(b, index, scale, number(memory.group(1))))
                .orElse(new Unknown(text));
    }

    private static long number(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("-") ? 0 : Long.parseLong(text);
    }

    private static String armRegister(String name) {
        return name.equals("sp") ? name : "r" + name.substring(1);
    }

    /** Parts of a register: eax, ax and al are of ax. The second byte of one is none of these. */
    private static Optional<String> register(String name) {
        var numbered = X86_NUMBERED.matcher(name);
        if (numbered.matches()) return Optional.of(numbered.group(1));
        var named = X86_NAMED.matcher(name);
        if (!named.matches()) return Optional.empty();
        if (named.group(1) != null) return Optional.of(named.group(1));
        return Optional.of(named.group(2) != null ? named.group(2) : named.group(3) + "x");
    }
}
