package dev.spandrel.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schemas of the committed CRD, which is on the class path beside the records it is generated from. */
final class Crd {
    private static final String RESOURCE = "/dev/spandrel/crds/tracepolicies.spandrel.dev-v1.yaml";

    static final Map<String, Object> OBJECT = load();
    static final Schema SPEC = new Schema(child(child(OBJECT, "properties"), "spec"));

    private Crd() {}

    @SuppressWarnings("unchecked") // the shape of a CRD
    private static Map<String, Object> load() {
        try (InputStream yaml = Crd.class.getResourceAsStream(RESOURCE)) {
            if (yaml == null) {
                throw new IllegalStateException("the class path lacks " + RESOURCE);
            }
            Map<String, Object> crd =
                    (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromInputStream(yaml);
            Map<String, Object> version =
                    ((java.util.List<Map<String, Object>>) child(crd, "spec").get("versions")).getFirst();
            return child(child(version, "schema"), "openAPIV3Schema");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // likewise
    static Map<String, Object> child(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.get(name);
    }
}
