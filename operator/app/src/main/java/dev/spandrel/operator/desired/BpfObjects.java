package dev.spandrel.operator.desired;

import com.google.protobuf.ByteString;
import java.util.Optional;

/** BPF objects as the cache has them. */
public interface BpfObjects {
    /** Of ConfigMaps that hold objects. */
    String LABEL = "spandrel.dev/bpf-objects";

    /** Empty: there is no such ConfigMap, it lacks the label, or it has no such key under binaryData. */
    Optional<ByteString> find(String namespace, String configMap, String key);
}
