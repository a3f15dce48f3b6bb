package dev.spandrel.images;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A software bill of materials in CycloneDX 1.6, without serial number and time: the same parts give the same bytes.
 *
 * @param jdk version of the runtime, as its {@code release} file says
 */
record Sbom(String name, String version, List<Component> jars, List<Component> packages, String jdk) {
    String json() throws JsonProcessingException {
        List<Map<String, Object>> components = new ArrayList<>();
        components.add(
                component("platform", new Component("", "jdk", jdk, "pkg:generic/jdk@" + jdk.replace("+", "%2B"))));
        jars.forEach(jar -> components.add(component("library", jar)));
        packages.forEach(library -> components.add(component("library", library)));
        Map<String, Object> bom = new LinkedHashMap<>();
        bom.put("bomFormat", "CycloneDX");
        bom.put("specVersion", "1.6");
        bom.put("version", 1);
        bom.put("metadata", Map.of("component", component("container", new Component("", name, version, ""))));
        bom.put("components", components);
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(bom) + "\n";
    }

    private static Map<String, Object> component(String type, Component of) {
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", type);
        put(component, "bom-ref", of.purl());
        put(component, "group", of.group());
        component.put("name", of.name());
        component.put("version", of.version());
        put(component, "purl", of.purl());
        return component;
    }

    private static void put(Map<String, Object> component, String key, String value) {
        if (!value.isEmpty()) {
            component.put(key, value);
        }
    }
}
