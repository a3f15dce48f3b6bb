package dev.spandrel.policy;

import dev.spandrel.contract.v1.TraceConfig;
import dev.spandrel.policy.Explanation.InForce;
import dev.spandrel.policy.Explanation.Overridden;
import dev.spandrel.policy.Explanation.Selecting;
import dev.spandrel.policy.Explanation.Source;
import dev.spandrel.policy.Explanation.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Says of one workload what {@link Compiler} does with all: which policy each field comes from, and why the others' values do not hold. */
public final class Explainer {
    private final Chain chain;
    private final Effective effective;

    private Explainer(Chain chain) {
        this.chain = chain;
        this.effective = new Effective(chain.policies());
    }

    /** @param now decides which policies have ended by themselves */
    public static Explanation explain(Collection<Policy> policies, Inventory.Entry workload, Scope scope, Instant now) {
        List<Policy> candidates = new ArrayList<>();
        List<Selecting> others = new ArrayList<>();
        for (Policy policy : policies.stream().sorted(Policy.OLDEST_FIRST).toList()) {
            List<Problem> problems = SpecCheck.problems(policy, scope);
            if (!selects(policy, problems, workload, scope)) {
                continue;
            }
            Source source = new Source(policy.key(), Width.of(policy, scope));
            if (!problems.isEmpty()) {
                others.add(new Selecting(source, new Standing.Invalid(problems), Optional.empty()));
            } else if (policy.isExpired(now)) {
                others.add(new Selecting(source, new Standing.Expired(), policy.expiresAt()));
            } else {
                candidates.add(policy);
            }
        }
        return new Explainer(Chain.of(candidates, scope)).explain(others);
    }

    /** Where the selector itself is broken nobody can say. */
    private static boolean selects(Policy policy, List<Problem> problems, Inventory.Entry workload, Scope scope) {
        return scope.reaches(policy.key().namespace(), workload.namespace())
                && problems.stream().noneMatch(problem -> problem.path().startsWith("spec.podSelector"))
                && Selector.matches(policy.spec().podSelector(), workload.labels());
    }

    private Explanation explain(List<Selecting> others) {
        Optional<TraceConfig> config = chain.policies().stream().allMatch(Policy::isFence)
                ? Optional.empty()
                : Optional.of(effective.config());
        List<Selecting> selecting = new ArrayList<>(standing());
        selecting.addAll(others);
        return new Explanation(selecting, config.map(this::fields).orElse(List.of()), config);
    }

    private List<Selecting> standing() {
        Map<Policy.Key, Chain.Share> shares = chain.shares();
        return chain.links().stream()
                .map(link -> {
                    Policy policy = link.policy();
                    boolean silent = Field.ALL.stream().allMatch(field -> field.in(policy) == null);
                    Chain.Share share = shares.get(policy.key());
                    return new Selecting(
                            source(link),
                            silent || Field.ALL.stream().anyMatch(field -> holds(field, policy))
                                    ? new Standing.Holds(share.lostTo())
                                    : new Standing.Overridden(share.lostTo()),
                            policy.expiresAt());
                })
                .toList();
    }

    /** It sets the field, or says the same as the one that does. */
    private boolean holds(Field<?> field, Policy policy) {
        return effective
                .from(field)
                .filter(winner -> Objects.equals(field.in(winner), field.in(policy)))
                .isPresent();
    }

    private List<InForce> fields(TraceConfig config) {
        Map<String, String> texts = ConfigText.of(config);
        Map<String, String> said = ConfigText.of(effective.said());
        List<InForce> fields = new ArrayList<>();
        for (Field<?> field : Field.ALL) {
            String value = texts.get(field.path());
            if (value != null) {
                List<Chain.Link> setting = chain.links().stream()
                        .filter(link -> field.in(link.policy()) != null)
                        .toList();
                fields.add(new InForce(
                        field.path(),
                        value,
                        setting.stream().findFirst().map(Explainer::source),
                        setting.stream()
                                .filter(link -> !holds(field, link.policy()))
                                .map(link -> new Overridden(source(link), says(field, link.policy())))
                                .toList(),
                        note(field, texts, said)));
            }
        }
        return fields;
    }

    /** In the words of the compiled value. */
    private static String says(Field<?> field, Policy policy) {
        return field == Field.CREATE
                ? String.valueOf(field.in(policy))
                : ConfigText.of(new Effective(List.of(policy)).said()).get(field.path());
    }

    private Optional<String> note(Field<?> field, Map<String, String> compiled, Map<String, String> said) {
        String value = compiled.get(field.path());
        Optional<Policy> from = effective.from(field);
        String wanted =
                field == Field.CREATE ? from.map(policy -> says(field, policy)).orElse(value) : said.get(field.path());
        if (value.equals(wanted) || (field == Field.HEADERS && from.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                field == Field.REQUEST_HEADERS && effective.fence().isPresent()
                        ? fenced(effective.fence().get())
                        : "without effect: " + reason(compiled));
    }

    private static String reason(Map<String, String> compiled) {
        boolean never = "Never".equals(compiled.get(Field.CREATE.path()));
        boolean chance = "Chance".equals(compiled.get(Field.DECIDE_BY.path()));
        Field<?> by = chance && !never ? Field.DECIDE_BY : Field.CREATE;
        return by.path() + " is " + compiled.get(by.path());
    }

    private static String fenced(Effective.Fence fence) {
        return String.join(", ", fence.refused()) + ": not allowed by " + fence.by();
    }

    private static Source source(Chain.Link link) {
        return new Source(link.policy().key(), link.width());
    }
}
