package dev.spandrel.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spandrel.operator.Calls.Call;
import dev.spandrel.operator.Calls.Right;
import dev.spandrel.operator.cluster.Clients;
import dev.spandrel.operator.push.FakeAgent;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The operator's roles are what a running operator makes use of, no more and no less. */
final class RbacIT {
    private static final String ROLE = "spandrel-operator";

    @BeforeAll
    static void cluster() {
        RunningOperator.prepareCluster();
    }

    @Test
    void everyRightIsUsedAndWithoutAnyOfThemARequestIsRefused() throws IOException {
        Map<Right, Call> used = live();
        try (KubernetesClient admin = Clients.connect()) {
            List<PolicyRule> rules =
                    admin.rbac().clusterRoles().withName(ROLE).get().getRules();
            assertThat(names(used.keySet()))
                    .as("what a running operator asks for, against what the role grants")
                    .isEqualTo(names(granted(rules)));
            for (Right right : granted(rules)) {
                String user = user(right);
                grant(admin, user, without(rules, right));
                assertRefused(user, used.get(right));
                ApiServerRung.run("delete", "clusterrolebinding,clusterrole", user);
            }
        }
    }

    @Test
    void thatHoldsOfTheRoleInItsOwnNamespaceToo() throws IOException {
        Map<Right, Call> used = guarded();
        try (KubernetesClient admin = Clients.connect()) {
            List<PolicyRule> cluster =
                    admin.rbac().clusterRoles().withName(ROLE).get().getRules();
            List<PolicyRule> rules = admin.rbac()
                    .roles()
                    .inNamespace(GuardedOperator.NAMESPACE)
                    .withName(ROLE)
                    .get()
                    .getRules();
            Set<String> own = names(used.keySet());
            own.removeAll(names(granted(cluster)));
            own.add("get pods"); // needed before Kubernetes 1.30 only: PodOfTokenIT
            assertThat(own).isEqualTo(names(granted(rules)));
            for (Right right : granted(rules)) {
                if (used.containsKey(right)) {
                    String user = user(right);
                    grant(admin, user, GuardedOperator.NAMESPACE, without(rules, right));
                    assertRefused(user, used.get(right));
                    ApiServerRung.run("delete", "rolebinding,role", user, "-n", GuardedOperator.NAMESPACE);
                }
            }
        }
    }

    /** As an operator of a new version with the role of an older one. */
    @Test
    void withoutTheRightToSeeConfigMapsPoliciesAreProgrammedAllTheSame() throws IOException {
        String user = "spandrel-before-objects";
        try (KubernetesClient admin = Clients.connect()) {
            List<PolicyRule> rules =
                    admin.rbac().clusterRoles().withName(ROLE).get().getRules();
            grant(
                    admin,
                    user,
                    rules.stream()
                            .filter(rule -> !rule.getResources().contains("configmaps"))
                            .toList());
        }
        try (RunningOperator operator = new RunningOperator(user);
                FakeAgent agent = operator.agent("")) {
            operator.pod("web");
            operator.policy("shop", "{}");
            agent.answer(agent.nextWithWorkloads());
            operator.awaitProgrammed("shop");
        } finally {
            ApiServerRung.run("delete", "clusterrolebinding,clusterrole", user);
        }
    }

    /** From nothing: it makes an authority, publishes it, and is elected. */
    private static Map<Right, Call> guarded() throws IOException {
        ApiServerRung.run(
                "delete", "secret/spandrel-authority", "configmap/spandrel-ca", "-n", GuardedOperator.NAMESPACE);
        ApiServerRung.kubectl("", "delete", "lease", ROLE, "-n", GuardedOperator.NAMESPACE);
        RunningOperator.prepareCluster();
        try (GuardedOperator first = new GuardedOperator()) {
            RunningOperator.awaitThat(first::leads, leads -> leads);
            // It has to renew the Lease once, too.
            RunningOperator.awaitThat(
                    () -> names(first.calls().keySet()), names -> names.contains("update leases coordination.k8s.io"));
            return first.calls();
        }
    }

    private static String user(Right right) {
        return "spandrel-less-" + names(Set.of(right)).iterator().next().replaceAll("[^a-z]+", "-");
    }

    @Test
    void theAgentMayAskTheApiServerForNothing() {
        for (String what : List.of("list pods", "list tracepolicies", "get secrets", "list nodes", "create events")) {
            String[] verbAndResource = what.split(" ");
            assertThat(ApiServerRung.kubectl(
                                    "",
                                    "auth",
                                    "can-i",
                                    verbAndResource[0],
                                    verbAndResource[1],
                                    "--all-namespaces",
                                    "--as=system:serviceaccount:spandrel-system:spandrel-agent")
                            .output()
                            .strip())
                    .as(what)
                    .isEqualTo("no");
        }
    }

    /** Nothing but what the API server grants to everybody who has proved who they are. */
    @Test
    void theAgentHasNoRightThatAnyAccountHasNot() {
        ApiServerRung.kubectl("", "create", "serviceaccount", "nobody", "-n", GuardedOperator.NAMESPACE);
        assertThat(rightsOf("spandrel-agent")).isEqualTo(rightsOf("nobody")).isNotEmpty();
        assertThat(rightsOf("spandrel-operator")).isNotEqualTo(rightsOf("nobody"));
    }

    private static Set<String> rightsOf(String account) {
        return ApiServerRung.run(
                        "auth",
                        "can-i",
                        "--list",
                        "-n",
                        GuardedOperator.NAMESPACE,
                        "--as=system:serviceaccount:" + GuardedOperator.NAMESPACE + ":" + account)
                .lines()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All that an operator does: a pod, a policy and a probe set come, an agent answers, somebody asks, and they go. */
    private static Map<Right, Call> live() throws IOException {
        try (RunningOperator operator = new RunningOperator()) {
            operator.pod("web");
            operator.policy("shop", "{}");
            try (FakeAgent agent = operator.agent("")) {
                agent.answer(agent.nextWithWorkloads());
                operator.awaitProgrammed("shop");
                RunningOperator.awaitThat(() -> operator.events("shop"), events -> !events.isEmpty());
                operator.probes("counts", "{probes: [{name: a, program: 'interval:s:1 { @ = count(); }'}]}");
                operator.awaitProbes("counts", "{.status.observedGeneration}", "1");
                operator.reviewed(ApiServerRung.run("create", "token", ROLE, "-n", "spandrel-system")
                        .strip());
                operator.run("delete", "tpol", "shop");
                agent.nextRemovedOrNothing();
            }
            return operator.calls();
        }
    }

    private static List<Right> granted(List<PolicyRule> rules) {
        List<Right> rights = new ArrayList<>();
        for (PolicyRule rule : rules) {
            for (String resource : rule.getResources()) {
                rule.getVerbs()
                        .forEach(verb ->
                                rights.add(new Right(verb, rule.getApiGroups().getFirst(), resource)));
            }
        }
        return rights;
    }

    private static List<PolicyRule> without(List<PolicyRule> rules, Right right) {
        return rules.stream()
                .map(rule -> rule.getResources().contains(right.resource())
                        ? new PolicyRuleBuilder(rule)
                                .withVerbs(rule.getVerbs().stream()
                                        .filter(verb -> !verb.equals(right.verb()))
                                        .toList())
                                .build()
                        : rule)
                .filter(rule -> !rule.getVerbs().isEmpty())
                .toList();
    }

    private static void grant(KubernetesClient admin, String user, List<PolicyRule> rules) {
        ClusterRole role = new ClusterRole();
        role.setMetadata(new ObjectMetaBuilder().withName(user).build());
        role.setRules(rules);
        admin.resource(role).serverSideApply();
        ApiServerRung.kubectl("", "create", "clusterrolebinding", user, "--clusterrole=" + user, "--user=" + user);
    }

    private static void grant(KubernetesClient admin, String user, String namespace, List<PolicyRule> rules) {
        Role role = new Role();
        role.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(user).build());
        role.setRules(rules);
        admin.resource(role).serverSideApply();
        ApiServerRung.kubectl("", "create", "rolebinding", user, "--role=" + user, "--user=" + user, "-n", namespace);
    }

    private static void assertRefused(String user, Call call) {
        Config config = Config.autoConfigure(null);
        config.setImpersonateUsername(user);
        try (KubernetesClient client = Clients.connect(config)) {
            String path = call.uri().getRawPath()
                    + (call.uri().getRawQuery() == null ? "" : "?" + call.uri().getRawQuery());
            assertThatThrownBy(
                            () -> client.raw(path, call.method(), call.method().equals("GET") ? null : Map.of()))
                    .as("%s without that right", call)
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            refused -> assertThat(refused.getCode()).isEqualTo(403));
        }
    }

    private static Set<String> names(Iterable<Right> rights) {
        Set<String> names = new TreeSet<>();
        rights.forEach(right -> names.add(right.verb() + " " + right.resource() + " " + right.group()));
        return names.stream().map(String::strip).collect(Collectors.toCollection(TreeSet::new));
    }
}
