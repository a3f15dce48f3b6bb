package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.End;
import dev.spandrel.agent.event.Keep;
import dev.spandrel.agent.event.KernelCounter;
import dev.spandrel.agent.protocol.GrpcStatus;
import java.util.random.RandomGenerator;

/** What the kernel decides for other protocols in {@code context.h} and {@code complete.h}, by the same rules: who a request belongs to, and whether it is kept. */
final class Decisions {
    private final RandomGenerator random;
    private volatile Rates rates = new Rates();

    Decisions(RandomGenerator random) {
        this.random = random;
    }

    /** Budgets are taken from these from now on. */
    void rates(Rates from) {
        rates = from;
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
        } else if (!rates.take(x.began.policy(), x.began.maxSpans(), now)) {
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
}
