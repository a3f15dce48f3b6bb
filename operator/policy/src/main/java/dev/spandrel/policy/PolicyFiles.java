package dev.spandrel.policy;

import dev.spandrel.crds.TracePolicySpec;
import dev.spandrel.policy.PolicyFile.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the YAML that {@code kubectl apply} takes, where there is no API server to check it. */
public final class PolicyFiles {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Schema OBJECT = new Schema(Map.of(
            "type",
            "object",
            "required",
            List.of("apiVersion", "kind", "metadata", "spec"),
            "properties",
            Map.of(
                    "apiVersion", Map.of("type", "string", "enum", List.of("spandrel.dev/v1alpha1")),
                    "kind", Map.of("type", "string", "enum", List.of("TracePolicy")),
                    "metadata",
                            Map.of(
                                    "type",
                                    "object",
                                    "required",
                                    List.of("name"),
                                    "properties",
                                    Map.of(
                                            "name", Map.of("type", "string"),
                                            "namespace", Map.of("type", "string"),
                                            "creationTimestamp", Map.of("type", "string"),
                                            "generation", Map.of("type", "integer"),
                                            "resourceVersion", Map.of("type", "string"),
                                            "uid", Map.of("type", "string"),
                                            "labels", texts(),
                                            "annotations", texts())),
                    "spec", Crd.child(Crd.child(Crd.OBJECT, "properties"), "spec"),
                    "status", Crd.child(Crd.child(Crd.OBJECT, "properties"), "status"))));

    private PolicyFiles() {}

    /** Reads all documents of a file that was last written at some time. */
    public static PolicyFile parse(String file, String text, Instant written) {
        List<Policy> policies = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        try {
            for (Node document :
                    new Compose(LoadSettings.builder().setLabel(file).build()).composeAllFromString(text)) {
                YamlTree tree = new YamlTree(document);
                if (tree.root() != null) { // nothing but comments
                    read(file, tree, written, policies, refusals);
                }
            }
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            refusals.add(new Refusal(file, line, "not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            refusals.add(new Refusal(file, 1, "not YAML: " + e.getMessage()));
        }
        Set<Policy.Key> seen = new HashSet<>();
        for (Policy policy : policies) {
            if (!seen.add(policy.key())) {
                refusals.add(new Refusal(file, 1, "TracePolicy " + policy.key() + " is there twice"));
            }
        }
        return new PolicyFile(file, refusals.isEmpty() ? policies : List.of(), refusals);
    }

    /** The policies of all files, in the order of their names; of a policy that several files hold, the first file's. */
    public static PolicyFile join(Collection<PolicyFile> files) {
        Map<Policy.Key, Policy> policies = new LinkedHashMap<>();
        Map<Policy.Key, String> homes = new HashMap<>();
        List<Refusal> refusals = new ArrayList<>();
        files.stream()
                .sorted(Comparator.comparing(PolicyFile::file))
                .forEach(file -> file.policies().forEach(policy -> {
                    String home = homes.putIfAbsent(policy.key(), file.file());
                    if (home == null) {
                        policies.put(policy.key(), policy);
                    } else {
                        refusals.add(
                                new Refusal(file.file(), 1, "TracePolicy " + policy.key() + " is already in " + home));
                    }
                }));
        return new PolicyFile("", List.copyOf(policies.values()), refusals);
    }

    private static void read(
            String file, YamlTree tree, Instant written, List<Policy> policies, List<Refusal> refusals) {
        List<Problem> problems = new ArrayList<>(tree.problems());
        problems.addAll(OBJECT.check("", tree.root()));
        if (problems.isEmpty()) {
            policy((Map<?, ?>) tree.root(), written, policies, problems);
        }
        problems.stream()
                .map(problem -> new Refusal(file, tree.line(problem.path()), problem.toString()))
                .sorted(Comparator.comparingInt(Refusal::line))
                .forEach(refusals::add);
    }

    private static void policy(Map<?, ?> object, Instant written, List<Policy> policies, List<Problem> problems) {
        Map<?, ?> metadata = (Map<?, ?>) object.get("metadata");
        String name = (String) metadata.get("name");
        String namespace = metadata.get("namespace") instanceof String text ? text : "default";
        if (!NAME.matcher(name).matches()) {
            problems.add(new Problem(
                    "metadata.name", "must be lower-case letters, digits, '-' and '.', not \"" + name + "\""));
        }
        if (!NAME.matcher(namespace).matches()) {
            problems.add(new Problem(
                    "metadata.namespace", "must be lower-case letters, digits and '-', not \"" + namespace + "\""));
        }
        Instant created = Instant.EPOCH;
        try {
            if (metadata.get("creationTimestamp") instanceof String time) {
                created = Instant.parse(time);
            }
        } catch (DateTimeException _) {
            problems.add(new Problem("metadata.creationTimestamp", "must be a time such as 2026-01-31T12:00:00Z"));
        }
        policies.add(new Policy(
                new Policy.Key(namespace, name),
                created,
                written,
                Records.fromTree(TracePolicySpec.class, object.get("spec"))));
    }

    private static Map<String, Object> texts() {
        return Map.of("type", "object", "additionalProperties", Map.of("type", "string"));
    }
}
