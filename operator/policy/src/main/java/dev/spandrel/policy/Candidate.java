package dev.spandrel.policy;

import dev.spandrel.policy.PolicyResult.Expiry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A policy in a {@link Recompiler}, and what became of it so far. */
record Candidate(Policy policy, List<Problem> problems, Optional<Expiry> expiry, Tally tally) {
    /** The one before, if nothing of it is another: neither what it says, nor whether it is over. */
    static Candidate of(Policy policy, Scope scope, Instant now, @Nullable Candidate before) {
        if (before != null && before.policy.equals(policy)) {
            Optional<Expiry> expiry = before.expiry.map(one -> new Expiry(one.at(), policy.isExpired(now)));
            return expiry.equals(before.expiry)
                    ? before
                    : new Candidate(policy, before.problems, expiry, new Tally(policy.key()));
        }
        List<Problem> problems = SpecCheck.problems(policy, scope);
        return new Candidate(
                policy,
                problems,
                problems.isEmpty()
                        ? policy.expiresAt().map(end -> new Expiry(end, policy.isExpired(now)))
                        : Optional.empty(),
                new Tally(policy.key()));
    }

    /** Valid, and not over. */
    boolean isInForce() {
        return problems.isEmpty() && expiry.filter(Expiry::over).isEmpty();
    }

    PolicyResult result() {
        return tally.result(problems, expiry);
    }
}
