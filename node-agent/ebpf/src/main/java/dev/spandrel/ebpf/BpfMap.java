package dev.spandrel.ebpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One map, of an object or made by {@link Bpf#createMap}. Values of per-CPU maps hold one slot of {@link #stride} bytes per possible CPU. */
public final class BpfMap {
    /** What an update expects to find. */
    public enum Update {
        ANY,
        NO_ENTRY,
        ENTRY
    }

    /** Where a map's facts come from. */
    private interface Origin {
        int fd();

        int keySize();

        int valueSize();

        int maxEntries();
    }

    private record OfObject(BpfObject object, MemorySegment handle) implements Origin {
        @Override
        public int fd() {
            object.ensureLoaded();
            return Libbpf.bpf_map__fd(handle);
        }

        @Override
        public int keySize() {
            object.ensureOpen();
            return Libbpf.bpf_map__key_size(handle);
        }

        @Override
        public int valueSize() {
            object.ensureOpen();
            return Libbpf.bpf_map__value_size(handle);
        }

        @Override
        public int maxEntries() {
            object.ensureOpen();
            return Libbpf.bpf_map__max_entries(handle);
        }
    }

    private record Made(int fd, int keySize, int valueSize, int maxEntries) implements Origin {}

    private final Origin origin;
    private final String name;
    private final MapType type;

    BpfMap(BpfObject object, MemorySegment handle) {
        origin = new OfObject(object, handle);
        name = Libbpf.bpf_map__name(handle);
        type = MapType.of(Libbpf.bpf_map__type(handle));
    }

    BpfMap(String name, MapType type, int fd, int keySize, int valueSize, int maxEntries) {
        origin = new Made(fd, keySize, valueSize, maxEntries);
        this.name = name;
        this.type = type;
    }

    MemorySegment handle() {
        return ((OfObject) origin).handle();
    }

    public String name() {
        return name;
    }

    public MapType type() {
        return type;
    }

    public int keySize() {
        return origin.keySize();
    }

    /** Of one slot, as the program sees it. */
    public int valueSize() {
        return origin.valueSize();
    }

    public int maxEntries() {
        return origin.maxEntries();
    }

    /** Bytes from one CPU's slot to the next. */
    public int stride() {
        return type.perCpu() ? (valueSize() + 7) & -8 : valueSize();
    }

    /** Slots in a value: possible CPUs for a per-CPU map, else one. */
    public int slots() {
        return type.perCpu() ? Cpus.possible() : 1;
    }

    public int fd() {
        return origin.fd();
    }

    /** Of an object's map: the key's type in the object's BTF; 0: it does not say. */
    public int keyType() {
        return Libbpf.bpf_map__btf_key_type_id(handle());
    }

    /** Likewise the value's. */
    public int valueType() {
        return Libbpf.bpf_map__btf_value_type_id(handle());
    }

    public MemorySegment allocateKey(Arena arena) {
        return arena.allocate(keySize(), 8);
    }

    /** Room for the slots of all CPUs. */
    public MemorySegment allocateValue(Arena arena) {
        return arena.allocate((long) stride() * slots(), 8);
    }

    public void update(MemorySegment key, MemorySegment value) {
        update(key, value, Update.ANY);
    }

    public void update(MemorySegment key, MemorySegment value, Update expected) {
        requireSizes(key, value);
        int result = BpfCalls.bpf_map_update_elem(fd(), key, value, expected.ordinal());
        if (result < 0) throw failed("update", result);
    }

    /** False: there is no such entry. */
    public boolean lookup(MemorySegment key, MemorySegment value) {
        requireSizes(key, value);
        return found("lookup", BpfCalls.bpf_map_lookup_elem(fd(), key, value));
    }

    /** False: there was no such entry. */
    public boolean delete(MemorySegment key) {
        return found("delete", BpfCalls.bpf_map_delete_elem(fd(), key));
    }

    /** The first key for {@link MemorySegment#NULL}; false at the end. */
    public boolean nextKey(MemorySegment key, MemorySegment next) {
        return found("next key", BpfCalls.bpf_map_get_next_key(fd(), key, next));
    }

    /** The values of an array that was made with BPF_F_MMAPABLE, in the kernel's own memory: one after the other, each on eight bytes. Gone when the arena closes. */
    public MemorySegment mapped(Arena owner) {
        long page = Libc.pageSize();
        long bytes = (long) maxEntries() * ((valueSize() + 7) & ~7);
        return Libc.mmap(owner, (bytes + page - 1) / page * page, Libc.PROT_READ_WRITE, fd(), 0, "map " + name)
                .asSlice(0, bytes);
    }

    /** A reader of many entries per system call. Only for hash and array maps; the caller's arena owns its memory. */
    public BatchReader batchReader(Arena arena, int entries) {
        return new BatchReader(this, arena, entries);
    }

    private boolean found(String operation, int result) {
        if (result >= 0) return true;
        if (result == -Errno.ENOENT) return false;
        throw failed(operation, result);
    }

    BpfException failed(String operation, int result) {
        return new BpfException(operation + " in map " + name, -result);
    }

    private void requireSizes(MemorySegment key, MemorySegment value) {
        if (key.byteSize() < keySize() || value.byteSize() < (long) stride() * slots())
            throw new IllegalArgumentException("key of " + key.byteSize() + " and value of " + value.byteSize()
                    + " bytes, but map " + name + " has " + keySize() + " and " + (long) stride() * slots());
    }
}
