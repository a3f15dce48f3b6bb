package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.Keep;
import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.protocol.GrpcStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What the kernel decides for other protocols in {@code context.h} and {@code complete.h}, by the same rules: who a request belongs to, and whether it is kept. */
final class Decisions {
    private static final long SECOND = 1_000_000_000L;

    private record Budget(long second, int spent) {}

    private final RandomGenerator random;
    private final Map<Integer, Budget> budgets = new HashMap<>();

    Decisions(RandomGenerator random) {
        this.random = random;
    }

    long newSpanId() {
        return TraceContext.nonZero(random);
    }

    /** The request's headers are whole. */
    void begin(Exchange x) {
        TraceContext context = x.context;
        boolean byChance = x.has(ConfigBit.BY_CHANCE);
        long threshold = x.began.threshold();
        if (context.isParent()) {
            if (x.has(ConfigBit.HONOR_PARENT)) {
                x.isByParent = true;
                x.isSampled = context.isSampledByParent();
            }
        } else {
            context.begin(random, byChance, threshold);
        }
        if (byChance || !x.isByParent && (context.low() & TraceContext.SAMPLED_BITS) >= threshold) {
            x.isSampled = true;
        }
        if (!context.isParent() && x.isSampled) {
            context.sampled();
        }
    }

    /** Bits of {@link Keep}; 0: not kept, and counted why. */
    int keep(Exchange x, End end, long now, StreamCounts counts) {
        if (!x.isEligible) {
            counts.count(KernelCounter.NOT_ELIGIBLE);
            return 0;
        }
        int keep = 0;
        if (x.isSampled) {
            keep |= x.isByParent ? Keep.PARENT : Keep.SAMPLED;
        }
        if (x.isMatched) {
            keep |= Keep.RULE;
        }
        if (x.has(ConfigBit.KEEP_ERRORS) && isError(x, end)) {
            keep |= Keep.ERROR;
        }
        long until = x.responseEnd > x.requestEnd ? x.responseEnd : now;
        if (x.began.slowerThan() != 0 && until - x.start() >= x.began.slowerThan()) {
            keep |= Keep.SLOW;
        }
        if (keep == 0) {
            counts.count(KernelCounter.SAMPLED_OUT);
        } else if (!withinRate(x, now)) {
            counts.count(KernelCounter.RATE_LIMITED);
            keep = 0;
        }
        return keep;
    }

    private static boolean isError(Exchange x, End end) {
        if (x.isGrpc() && x.grpcStatus != 0) {
            return GrpcStatus.isError(x.grpcStatus, x.isClient());
        }
        return !end.errorType().isEmpty() || x.status >= x.began.errorFrom();
    }

    /** Takes one span out of the policy's budget of this second. */
    private boolean withinRate(Exchange x, long now) {
        int most = x.began.maxSpans();
        if (most == 0) {
            return true;
        }
        long second = now / SECOND;
        Budget budget = budgets.get(x.began.policy());
        int spent = budget == null || budget.second != second ? 0 : budget.spent;
        budgets.put(x.began.policy(), new Budget(second, spent + 1));
        return spent < most;
    }
}
