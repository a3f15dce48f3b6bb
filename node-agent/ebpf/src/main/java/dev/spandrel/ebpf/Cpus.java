package dev.spandrel.ebpf;

/** CPUs that may ever come online: per-CPU map values have a slot for each. */
public final class Cpus {
    private Cpus() {}

    public static int possible() {
        return Holder.POSSIBLE;
    }

    private static final class Holder {
        static final int POSSIBLE = read();

        private static int read() {
            int cpus = Libbpf.libbpf_num_possible_cpus();
            if (cpus <= 0) throw new BpfException("libbpf_num_possible_cpus", -cpus);
            return cpus;
        }
    }
}
