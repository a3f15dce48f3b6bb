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

/** Programs in bpftrace's language that run in the kernels of nodes, and what becomes of their output. */
@Group(TracePolicy.GROUP)
@Version(TracePolicy.VERSION)
@Kind(ProbeSet.KIND)
@Singular("probeset")
@Plural("probesets")
@ShortNames("pset")
@Categories({"spandrel", "observability"})
@AdditionalPrinterColumn(
        name = "Programmed",
        jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(name = "Nodes", jsonPath = ".status.nodes.summary", type = Type.STRING)
@AdditionalPrinterColumn(name = "Pods", jsonPath = ".status.selectedPods", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Probes", jsonPath = ".status.probes[*].name", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Programmed\")].reason",
        type = Type.STRING)
@AdditionalPrinterColumn(name = "Expires", jsonPath = ".status.expiresAt", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class ProbeSet extends CustomResource<ProbeSetSpec, ProbeSetStatus> implements Namespaced {
    public static final String KIND = "ProbeSet";
}
