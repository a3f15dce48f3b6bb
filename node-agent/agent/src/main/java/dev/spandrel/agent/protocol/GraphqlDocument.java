package dev.spandrel.agent.protocol;

import static dev.spandrel.agent.protocol.GraphqlTokens.END;
import static dev.spandrel.agent.protocol.GraphqlTokens.INVALID;
import static dev.spandrel.agent.protocol.GraphqlTokens.NAME;
import static dev.spandrel.agent.protocol.GraphqlTokens.SPREAD;

/**
 * Which operation of a GraphQL document is executed, and whether the text is one at all: no text of another language passes for it. Values are passed over. Never
 * throws. Mutable on purpose: one per reader.
 */
final class GraphqlDocument {
    private static final String[] NAMES = {"query", "mutation", "subscription"};
    private static final Words TYPES = Words.exactly(NAMES);

    private final GraphqlTokens tokens = new GraphqlTokens();
    private final Slice name = new Slice();
    private Slice wanted = new Slice();
    private String type = "";
    private int operations;
    /** Something was seen that only this language has. */
    private boolean sure;

    private boolean found;

    /**
     * Whether it is GraphQL, as far as it is here. {@code isWhole}: nothing comes behind these bytes. {@code operation}: the name of the one that is asked for; empty: it
     * is the only one.
     */
    boolean read(Slice text, boolean isWhole, Slice operation) {
        tokens.set(text, isWhole);
        wanted = operation;
        forget();
        operations = 0;
        sure = false;
        found = false;
        int last = definition(tokens.next());
        while (last == '}') last = definition(tokens.next());
        if (last == INVALID || !sure || isWhole && operations == 0) return false;
        if (operation.isEmpty() ? !isWhole || operations != 1 : !found) {
            // Which of several it is, or whether there is such a one, cannot be told.
            forget();
            if (!isWhole) name.set(operation);
        }
        return true;
    }

    /** Of the operation that is executed: query, mutation or subscription; empty: not known. */
    String type() {
        return type;
    }

    /** Likewise; empty also where it has none. */
    Slice name() {
        return name;
    }

    private void forget() {
        type = "";
        name.clear();
    }

    /** Answers the brace that ended it; {@link GraphqlTokens#END}: there is none, or it is cut; {@link GraphqlTokens#INVALID}. */
    private int definition(int first) {
        if (first == '{') {
            begin("query", false);
            return selections();
        }
        if (first != NAME) return first == END ? END : INVALID;
        int which = TYPES.find(tokens.word());
        if (which >= 0) return operation(NAMES[which]);
        return tokens.word().is("fragment") ? fragment() : INVALID;
    }

    private int operation(String what) {
        int next = tokens.next();
        boolean isNamed = next == NAME;
        if (next == END) return cut(END);
        begin(what, isNamed);
        if (isNamed) next = tokens.next();
        if (next == '(') {
            next = tokens.next();
            if (next != '$') return cut(next);
            sure = true;
            next = arguments();
            if (next != ')') return next;
            next = tokens.next();
        }
        return directives(next);
    }

    private int fragment() {
        for (int i = 0; i < 3; i++) {
            int next = tokens.next();
            if (next != NAME || i == 1 && !tokens.word().is("on")) return cut(next);
        }
        return directives(tokens.next());
    }

    /** Of an operation, whose name is the word at hand. */
    private void begin(String what, boolean isNamed) {
        operations++;
        boolean isIt =
                wanted.isEmpty() ? operations == 1 : isNamed && tokens.word().is(wanted);
        if (!isIt || found) return;
        found = true;
        type = what;
        if (isNamed) name.set(tokens.word());
    }

    /** Up to the selections, and these. */
    private int directives(int first) {
        int next = first;
        while (next == '@') {
            next = tokens.next();
            if (next != NAME) return cut(next);
            next = tokens.next();
            if (next == '(') {
                next = arguments();
                if (next != ')') return next;
                next = tokens.next();
            }
        }
        return next == '{' ? selections() : cut(next);
    }

    /** Behind their brace. */
    private int selections() {
        int depth = 1;
        int before = '{';
        while (depth > 0) {
            int next = tokens.next();
            boolean fits = switch (next) {
                case NAME, SPREAD -> true;
                case '@', '{' -> before == NAME || before == ')' || before == SPREAD;
                case ':', '(' -> before == NAME;
                case '}' -> before == NAME || before == ')' || before == '}';
                default -> false;
            };
            if (!fits) return cut(next);
            sure |= before == '{';
            if (next == '{') depth++;
            if (next == '}') depth--;
            if (next == '(') next = arguments();
            if (next <= END) return next;
            before = next;
        }
        return '}';
    }

    /** Behind the bracket. Answers the one that closes it. */
    private int arguments() {
        int depth = 1;
        while (true) {
            int next = tokens.next();
            if (next <= END) return cut(next);
            if (next == '(' || next == '[' || next == '{') depth++;
            if ((next == ')' || next == ']' || next == '}') && --depth == 0) return next == ')' ? next : INVALID;
        }
    }

    /** What should not come here, but for the end of what is cut, which may come anywhere. */
    private int cut(int token) {
        return token == END && !tokens.isWhole() ? END : INVALID;
    }
}
