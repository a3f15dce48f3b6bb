package dev.spandrel.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spandrel.contract.ProtocolNames;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Comparator;
import java.util.List;

/** What annotations cannot say: list semantics for server-side apply, sizes of list elements (which bound the cost of CEL), formats. */
final class SchemaDetails implements CRDPostProcessor {
    private static final List<String> COLUMNS =
            List.of("Programmed", "Nodes", "Pods", "Sampling", "Age", "Backends", "Losing", "Lost on nodes", "Expires");

    @Override
    public HasMetadata process(HasMetadata resource, String version) {
        CustomResourceDefinitionVersion only =
                ((CustomResourceDefinition) resource).getSpec().getVersions().getFirst();
        only.getAdditionalPrinterColumns().sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
        JSONSchemaProps root = only.getSchema().getOpenAPIV3Schema();
        withoutRepeatedRules(root);
        root.setRequired(List.of("spec"));
        root.setDescription(
                "TracePolicy says what is traced in the pods it selects, and how. A change is in the kernels of the nodes that run "
                        + "them a moment after it is applied; nothing is restarted.");
        JSONSchemaProps spec = at(root, "spec");
        spec.setDescription(
                "What is to be traced, and how. Every field may be left out and then comes from the next wider policy: pods over namespace over "
                        + "root namespace (see podSelector). {} traces everything that is selected, by the defaults.");
        at(root, "status").setDescription("What the nodes acknowledged. Written by the operator.");

        set(at(spec, "protocols"));
        // They are in the registry, not in the records.
        at(spec, "protocols")
                .getItems()
                .getSchema()
                .setEnum(ProtocolNames.words().stream()
                        .<JsonNode>map(JsonNodeFactory.instance::textNode)
                        .toList());
        set(at(spec, "roles"));
        map(at(spec, "ports"), "port");
        set(at(spec, "spans", "headers"));
        at(spec, "spans", "headers").getItems().getSchema().setMaxLength(40L);
        set(at(spec, "spans", "attributes", "requestHeaders"));
        at(spec, "spans", "attributes", "requestHeaders").getItems().getSchema().setMaxLength(128L);
        set(at(spec, "spans", "attributes", "allowedRequestHeaders"));
        at(spec, "spans", "attributes", "allowedRequestHeaders")
                .getItems()
                .getSchema()
                .setMaxLength(128L);
        map(at(spec, "spans", "match"), "name", "value");
        // What an element is told by must be there. An empty value stands for any, as none does.
        at(at(spec, "spans", "match").getItems().getSchema(), "value")
                .setDefault(JsonNodeFactory.instance.textNode(""));
        selector(at(spec, "podSelector"));
        at(spec, "sampling", "maxSpansPerSecond").setFormat("int32");

        status(at(root, "status"));
        return resource;
    }

    /** As everywhere in Kubernetes: half of one selector and half of another select what nobody asked for. */
    static void selector(JSONSchemaProps selector) {
        selector.setXKubernetesMapType("atomic");
        at(selector, "matchLabels").setMaxProperties(64L);
        at(selector, "matchExpressions").setXKubernetesListType("atomic");
        JSONSchemaProps values = at(at(selector, "matchExpressions").getItems().getSchema(), "values");
        values.setXKubernetesListType("set");
        values.getItems().getSchema().setMaxLength(63L);
    }

    static void status(JSONSchemaProps status) {
        JSONSchemaProps conditions = at(status, "conditions");
        map(conditions, "type");
        // Types and reasons may be added; a newer operator must be able to write them under an older CRD.
        at(conditions.getItems().getSchema(), "type").setEnum(null);
        at(conditions.getItems().getSchema(), "reason").setEnum(null);
        at(conditions.getItems().getSchema(), "lastTransitionTime").setFormat("date-time");
        at(status, "observedGeneration").setFormat("int64");
        // Until the operator has seen a policy it is not what it is to be: without this kstatus takes it to be Current.
        status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
        at(status, "expiresAt").setFormat("date-time");
    }

    /** A record component's annotation is on its field and on its accessor, and so counted twice. */
    static void withoutRepeatedRules(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(SchemaDetails::withoutRepeatedRules);
        }
        if (schema.getItems() != null) {
            withoutRepeatedRules(schema.getItems().getSchema());
        }
    }

    static void set(JSONSchemaProps list) {
        list.setXKubernetesListType("set");
    }

    static void map(JSONSchemaProps list, String... keys) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(keys));
    }

    static JSONSchemaProps at(JSONSchemaProps schema, String... path) {
        JSONSchemaProps found = schema;
        for (String name : path) {
            found = found.getProperties().get(name);
        }
        return found;
    }
}
