package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;
import dev.spandrel.probe.ir.Ir.Condition;
import dev.spandrel.probe.ir.Ir.Imm;
import dev.spandrel.probe.ir.Ir.Op;
import dev.spandrel.probe.ir.Ir.Reg;
import dev.spandrel.probe.type.RequestContext;

/**
 * Writes what a request is called in place of its line: of {@code GET /orders/4711?user=7 HTTP/1.1} the route is {@code /orders/{id}} and the span's name
 * {@code GET}, so that a map has one key for all requests that are called the same, and no ids leave the kernel. Goes through the line once; what it knows on the way is in scratch memory, where the verifier does
 * not follow it: it looks at each character once, however many ways lead there.
 */
final class RequestNames {
    private static final int LINE = RequestContext.LINE_BYTES;
    // The state, in bytes of scratch memory: numbers of 8 bytes.
    private static final int LENGTH = 0;
    private static final int PART = 8;
    private static final int IN_PATH = 16;
    private static final int NOT_DIGITS = 24;
    private static final int NOT_HEXADECIMAL = 32;
    private static final int NOT_UUID = 40;
    private static final int TEXT = 48;
    /** Twice the line and more: each number of one digit becomes {id}. */
    private static final int MOST_TEXT = 256;

    /** What is written last may begin at the last byte. */
    private static final int BYTES = TEXT + MOST_TEXT + 8;

    /** Where a UUID has dashes, one bit for each of its characters. */
    private static final long DASHES = 1 << 8 | 1 << 13 | 1 << 18 | 1 << 23;

    private static final int LONG_NUMBER = 16;
    private static final int UUID = 36;

    private final Context context;
    private final dev.spandrel.probe.ir.Code code;
    private final Place state;

    RequestNames(Context context) {
        this.context = context;
        code = context.code;
        state = new Place(context.scratchBase(), context.frame.takeScratch(BYTES));
    }

    /**
     * @param line where its first character is, and that many may be read
     * @param none goes there, nothing written, if it is no request's
     */
    void into(Place line, boolean route, Place place, int none) {
        for (int member = LENGTH; member <= TEXT; member += 8) set(member, 0);
        int at = code.register();
        code.add(new Ir.Const(at, 0));
        int head = code.label();
        int next = code.label();
        int cut = code.label();
        int finish = code.label();
        code.place(head);
        code.branch(Condition.GE, at, LINE, cut);
        int c = code.load(code.alu(Op.ADD, line.base(), new Reg(at)), line.offset(), 1);
        if (route) ofRoute(c, next, none, finish);
        else ofName(c, none, finish);
        code.place(next);
        code.add(new Ir.Alu(Op.ADD, at, at, new Imm(1)));
        code.jump(head);
        code.place(cut);
        cut(route, none);
        code.place(finish);
        copy(place);
    }

    /** A character of the line; goes on behind it where it does not jump. */
    private void ofName(int c, int none, int finish) {
        code.branch(Condition.EQ, c, ' ', finish);
        code.branch(Condition.EQ, c, 0, none);
        append(c);
    }

    private void ofRoute(int c, int next, int none, int finish) {
        int path = code.label();
        code.branch(Condition.NE, get(IN_PATH), 0, path);
        code.branch(Condition.EQ, c, 0, none);
        code.branch(Condition.NE, c, ' ', next);
        set(IN_PATH, 1);
        code.jump(next);
        code.place(path);
        int boundary = code.label();
        for (char end : "/ ?#\r\n\0".toCharArray()) code.branch(Condition.EQ, c, end, boundary);
        note(c);
        append(c);
        code.jump(next);
        code.place(boundary);
        part();
        code.branch(Condition.NE, c, '/', finish);
        append(c);
        code.store(state.base(), state.offset() + PART, 8, get(LENGTH));
        for (int member : new int[] {NOT_DIGITS, NOT_HEXADECIMAL, NOT_UUID}) set(member, 0);
    }

    /** What the character says of the part that it is in. */
    private void note(int c) {
        int hexadecimal = code.label();
        int notUuid = code.label();
        int noted = code.label();
        int position = code.alu(Op.SUB, get(LENGTH), new Reg(get(PART)));
        int dash = code.alu(Op.AND, code.alu(Op.RSH, code.constant(DASHES), new Reg(position)), 1);
        code.branch(Condition.LE, code.alu(Op.SUB, c, '0'), 9, hexadecimal);
        set(NOT_DIGITS, 1);
        code.branch(Condition.LE, code.alu(Op.SUB, code.alu(Op.OR, c, 0x20), 'a'), 5, hexadecimal);
        set(NOT_HEXADECIMAL, 1);
        code.branch(Condition.NE, c, '-', notUuid);
        code.branch(Condition.NE, dash, 0, noted);
        code.jump(notUuid);
        code.place(hexadecimal);
        code.branch(Condition.EQ, dash, 0, noted);
        code.place(notUuid);
        set(NOT_UUID, 1);
        code.place(noted);
    }

    /** A part is over: if it is a number or an id, {id} takes its place. */
    private void part() {
        int id = code.label();
        int other = code.label();
        int notLong = code.label();
        int length = code.alu(Op.SUB, get(LENGTH), new Reg(get(PART)));
        code.branch(Condition.EQ, length, 0, other);
        code.branch(Condition.EQ, get(NOT_DIGITS), 0, id);
        code.branch(Condition.LT, length, LONG_NUMBER, other);
        code.branch(Condition.NE, get(NOT_HEXADECIMAL), 0, notLong);
        code.jump(id);
        code.place(notLong);
        code.branch(Condition.NE, length, UUID, other);
        code.branch(Condition.NE, get(NOT_UUID), 0, other);
        code.place(id);
        replace("{id}");
        code.place(other);
    }

    /** Nobody knows how the last part goes on. */
    private void cut(boolean route, int none) {
        if (!route) {
            code.jump(none);
            return;
        }
        code.branch(Condition.EQ, get(IN_PATH), 0, none);
        replace("...\0");
        code.store(state.base(), state.offset() + LENGTH, 8, code.alu(Op.SUB, get(LENGTH), 1));
    }

    /** Four characters in place of the part. */
    private void replace(String text) {
        int from = get(PART);
        code.store(
                here(from),
                state.offset() + TEXT,
                4,
                Texts.word(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0));
        code.store(state.base(), state.offset() + LENGTH, 8, code.alu(Op.ADD, from, text.length()));
    }

    private void append(int c) {
        int length = get(LENGTH);
        code.store(here(length), state.offset() + TEXT, 1, c);
        code.store(state.base(), state.offset() + LENGTH, 8, code.alu(Op.ADD, length, 1));
    }

    private int here(int index) {
        return code.alu(Op.ADD, code.alu(Op.AND, index, MOST_TEXT - 1L), new Reg(state.base()));
    }

    private int get(int member) {
        return code.load(state.base(), state.offset() + member, 8);
    }

    private void set(int member, long value) {
        code.store(state.base(), state.offset() + member, 8, value);
    }

    /** As far as it goes, zeroes behind it. */
    private void copy(Place place) {
        for (int at = 0; at < LINE; at += 8) {
            int word = code.load(state.base(), state.offset() + TEXT + at, 8);
            int left = code.alu(Op.SUB, get(LENGTH), at);
            int some = code.label();
            int whole = code.label();
            code.branch(Condition.SGE, left, 8, whole);
            code.branch(Condition.SGT, left, 0, some);
            code.add(new Ir.Const(left, 0));
            code.place(some);
            int beyond = code.alu(Op.LSH, code.constant(-1), new Reg(code.alu(Op.LSH, left, 3)));
            code.add(new Ir.Alu(Op.AND, word, word, new Reg(code.alu(Op.XOR, beyond, -1))));
            code.place(whole);
            code.store(place.base(), place.offset() + at, 8, word);
        }
    }
}
