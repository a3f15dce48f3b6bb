package dev.spandrel.probe.live.facts;

import dev.spandrel.probe.type.Layout;
import dev.spandrel.probe.type.Type;
import java.util.Optional;

/** The types of a BPF object, from its own BTF. */
public final class ObjectTypes {
    private final KernelTypes types;

    private ObjectTypes(KernelTypes types) {
        this.types = types;
    }

    /** Empty: this is no BTF. */
    public static Optional<ObjectTypes> of(byte[] btf) {
        return BtfReader.read(btf).map(KernelTypes::new).map(ObjectTypes::new);
    }

    /** @param id of BTF */
    public Type type(int id) {
        return types.type(id);
    }

    /** Of a {@link Type.Struct}'s name. */
    public Optional<Layout> layout(String struct) {
        return types.layout(struct);
    }
}
