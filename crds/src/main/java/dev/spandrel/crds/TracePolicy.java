package dev.spandrel.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** What is traced in the pods it selects, and how. */
@Group(TracePolicy.GROUP)
@Version(TracePolicy.VERSION)
@Kind(TracePolicy.KIND)
@Singular("tracepolicy")
@Plural("tracepolicies")
@ShortNames("tpol")
@Categories({"spandrel", "observability"})
@AdditionalPrinterColumn(
        name = "Programmed",
        jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(name = "Nodes", jsonPath = ".status.nodes.summary", type = Type.STRING)
@AdditionalPrinterColumn(name = "Pods", jsonPath = ".status.selectedPods", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Sampling", jsonPath = ".status.sampling", type = Type.STRING)
@AdditionalPrinterColumn(name = "Backends", jsonPath = ".status.nodes.backends", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Losing", jsonPath = ".status.nodes.losing", type = Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "Lost on nodes", jsonPath = ".status.nodes.lost", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Expires", jsonPath = ".status.expiresAt", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class TracePolicy extends CustomResource<TracePolicySpec, TracePolicyStatus> implements Namespaced {
    public static final String GROUP = "spandrel.dev";
    public static final String VERSION = "v1alpha1";
    public static final String KIND = "TracePolicy";
}
