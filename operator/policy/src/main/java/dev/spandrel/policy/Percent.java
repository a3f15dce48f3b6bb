package dev.spandrel.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Thresholds as percentages for people. */
final class Percent {
    private static final BigDecimal TRACE_IDS = BigDecimal.valueOf(1L << 56);
    /** As many decimals as a policy may have. */
    private static final int DECIMALS = 4;

    private Percent() {}

    /** With the threshold itself where no percentage of a policy gives it: the same text means the same threshold. */
    static String of(long threshold) {
        BigDecimal percent = rounded(threshold);
        boolean exact = percent.signum() >= 0 && Effective.threshold(percent.doubleValue()) == threshold;
        return text(percent) + "%" + (exact ? "" : " (threshold " + Long.toUnsignedString(threshold) + ")");
    }

    static BigDecimal rounded(long threshold) {
        return TRACE_IDS
                .subtract(BigDecimal.valueOf(threshold))
                .scaleByPowerOfTen(2)
                .divide(TRACE_IDS, DECIMALS, RoundingMode.HALF_UP);
    }

    static String text(BigDecimal percent) {
        return percent.signum() == 0 ? "0" : percent.stripTrailingZeros().toPlainString();
    }
}
