package dev.spandrel.operator.cluster;

import dev.spandrel.policy.Inventory;
import java.util.List;

/** What is known of a pod by its name. */
public sealed interface PodLookup {
    record OnANode(String uid, Inventory.Entry entry) implements PodLookup {}

    /** Not scheduled yet, or finished. */
    record NotOnANode() implements PodLookup {}

    /** @param others names of the pods that its Kubernetes namespace has instead */
    record Unknown(List<String> others) implements PodLookup {
        public Unknown {
            others = List.copyOf(others);
        }
    }
}
