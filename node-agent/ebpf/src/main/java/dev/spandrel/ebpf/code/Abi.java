package dev.spandrel.ebpf.code;

/** Which registers carry arguments, first to last, by their machine number. */
public enum Abi {
    SYSTEM_V(7, 6, 2, 1, 8, 9),
    /** Of Go functions, with the goroutine (r14) and the closure (rdx) besides. */
    GO(0, 3, 1, 7, 6, 8, 9, 10, 11);

    private final int[] registers;

    Abi(int... registers) {
        this.registers = registers;
    }

    public int registers() {
        return registers.length;
    }

    int register(int argument) {
        return registers[argument];
    }

    /** Bits by machine number. */
    int first(int arguments) {
        int bits = this == GO ? 1 << 14 : 0;
        for (int i = 0; i < Math.min(arguments, registers.length); i++) bits |= 1 << registers[i];
        return bits;
    }
}
