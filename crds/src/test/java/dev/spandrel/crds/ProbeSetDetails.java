package dev.spandrel.crds;

import static dev.spandrel.crds.SchemaDetails.at;
import static dev.spandrel.crds.SchemaDetails.map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Comparator;
import java.util.List;

/** As {@link SchemaDetails}, of the ProbeSet. */
final class ProbeSetDetails implements CRDPostProcessor {
    private static final List<String> COLUMNS =
            List.of("Programmed", "Reason", "Nodes", "Pods", "Age", "Probes", "Expires");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    public HasMetadata process(HasMetadata resource, String version) {
        CustomResourceDefinitionVersion only =
                ((CustomResourceDefinition) resource).getSpec().getVersions().getFirst();
        only.getAdditionalPrinterColumns().sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
        JSONSchemaProps root = only.getSchema().getOpenAPIV3Schema();
        SchemaDetails.withoutRepeatedRules(root);
        root.setRequired(List.of("spec"));
        root.setDescription(
                "ProbeSet runs programs in bpftrace's language in the kernels of the nodes that run the pods it selects. What they gather becomes OpenTelemetry "
                        + "metrics, what they print log records, with the pods' attributes. They are compiled on the nodes and attached a moment after it is applied; "
                        + "nothing is restarted.");
        JSONSchemaProps spec = at(root, "spec");
        spec.setDescription("Which programs, and whose processes they see.");
        at(root, "status").setDescription("What the nodes acknowledged and report. Written by the operator.");
        SchemaDetails.selector(at(spec, "podSelector"));
        SchemaDetails.selector(at(spec, "nodeSelector"));
        map(at(spec, "probes"), "name");
        JSONSchemaProps probe = at(spec, "probes").getItems().getSchema();
        at(probe, "parameters").setXKubernetesListType("atomic");
        at(probe, "parameters").getItems().getSchema().setMaxLength(256L);
        at(probe, "export", "attributes").setXKubernetesListType("atomic");
        at(probe, "export", "attributes").getItems().getSchema().setMaxLength(255L);
        JSONSchemaProps limits = at(probe, "limits");
        limits.setDefault(JSON.objectNode());
        at(limits, "cpu").setDefault(JSON.textNode("1%"));
        at(limits, "mapMemory").setDefault(JSON.textNode("8Mi"));
        at(limits, "eventsPerSecond").setDefault(JSON.numberNode(1000));
        at(limits, "eventsPerSecond").setFormat("int32");
        at(spec, "enabled").setDefault(JSON.booleanNode(true));
        SchemaDetails.status(at(root, "status"));
        map(at(root, "status", "probes"), "name");
        return resource;
    }
}
