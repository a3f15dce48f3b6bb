package dev.spandrel.probe.lower;

import dev.spandrel.probe.ir.Ir;

/** Memory that a program may write: so many bytes from where a register points. */
record Place(int base, int offset) {
    static Place frame(int offset) {
        return new Place(Ir.FRAME, offset);
    }

    Place plus(int bytes) {
        return new Place(base, offset + bytes);
    }
}
