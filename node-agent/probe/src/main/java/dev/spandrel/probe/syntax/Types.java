package dev.spandrel.probe.syntax;

import dev.spandrel.probe.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads type names, as in casts, declarations and struct definitions. */
final class Types {
    private static final Set<String> BUILT_IN = Set.of(
            "int8",
            "int16",
            "int32",
            "int64",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "int8_t",
            "int16_t",
            "int32_t",
            "int64_t",
            "uint8_t",
            "uint16_t",
            "uint32_t",
            "uint64_t",
            "bool",
            "string",
            "buffer",
            "inet",
            "void",
            "char",
            "short",
            "int",
            "long",
            "unsigned",
            "signed",
            "size_t",
            "u8",
            "u16",
            "u32",
            "u64",
            "s8",
            "s16",
            "s32",
            "s64",
            "count_t",
            "sum_t",
            "min_t",
            "max_t",
            "avg_t",
            "stats_t",
            "hist_t",
            "lhist_t",
            "usym_t",
            "ksym_t",
            "kstack_t",
            "ustack_t");
    private static final Set<String> TAGS = Set.of("struct", "union", "enum");
    private static final Set<String> C_WORDS = Set.of("char", "short", "int", "long", "unsigned", "signed");

    private final Tokens tokens;
    private final Set<String> defined = new HashSet<>();

    Types(Tokens tokens) {
        this.tokens = tokens;
    }

    /** By the program itself. */
    void defined(String name) {
        defined.add(name);
    }

    private boolean known(String word) {
        return TAGS.contains(word) || BUILT_IN.contains(word) || defined.contains(word);
    }

    /** A cast's type and its closing parenthesis, the opening one being taken; empty, and nothing taken, if it is none. */
    Optional<TypeName> cast() {
        var first = tokens.peek();
        if (first.kind() != Kind.IDENT) return Optional.empty();
        boolean certain = known(first.text());
        int mark = tokens.mark();
        var type = type();
        if (tokens.accept(")") && (certain || (type.pointers() > 0 && beginsOperand(tokens.peek()))))
            return Optional.of(type);
        tokens.reset(mark);
        return Optional.empty();
    }

    /** Whether a type stands here for certain: `struct x` or a known name. */
    boolean ahead() {
        var first = tokens.peek();
        return first.kind() == Kind.IDENT && known(first.text());
    }

    private static boolean beginsOperand(Token token) {
        return switch (token.kind()) {
            case IDENT, NUMBER, STRING, MAP, VARIABLE, PARAMETER -> true;
            case SYMBOL -> token.is("(");
            case END, END_PREDICATE -> false;
        };
    }

    TypeName type() {
        var start = tokens.peek().span();
        String name = name();
        int pointers = pointers();
        var dimensions = dimensions();
        return new TypeName(start.to(tokens.last()), name, pointers, dimensions);
    }

    private int pointers() {
        int pointers = 0;
        while (tokens.peek().is("*") || tokens.peek().isWord("const"))
            if (tokens.take().is("*")) pointers++;
        return pointers;
    }

    List<Integer> dimensions() {
        var dimensions = new ArrayList<Integer>();
        while (tokens.peek().is("[")) {
            tokens.take();
            if (tokens.accept("]")) {
                dimensions.add(0);
                continue;
            }
            dimensions.add(
                    (int) tokens.expect(Kind.NUMBER, "a number of elements").value());
            tokens.expect("]", "after the number of elements");
        }
        return dimensions;
    }

    private String name() {
        while (tokens.acceptWord("const") || tokens.acceptWord("volatile")) {}
        var word = tokens.expect(Kind.IDENT, "a type");
        if (TAGS.contains(word.text()))
            return word.text() + " "
                    + tokens.expect(Kind.IDENT, "a name after " + word.text()).text();
        if (!C_WORDS.contains(word.text())) return word.text();
        var words = new StringBuilder(word.text());
        while (tokens.peek().kind() == Kind.IDENT
                && C_WORDS.contains(tokens.peek().text()))
            words.append(' ').append(tokens.take().text());
        return words.toString();
    }
}
