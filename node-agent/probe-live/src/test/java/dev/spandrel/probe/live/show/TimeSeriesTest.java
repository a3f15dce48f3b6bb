package dev.spandrel.probe.live.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.live.session.Maps;
import dev.spandrel.probe.type.Aggregate.Series;
import dev.spandrel.probe.type.Aggregate.Within;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeSeriesTest {
    /** Two CPUs saw the interval 7, the second one last. */
    @ParameterizedTest
    @CsvSource({"LAST,9", "SUM,10", "AVG,3", "MIN,1", "MAX,9"})
    void putsCpusTogether(Within within, long expected) {
        var entry = entry(slot(7, 2, 1, 100), slot(7, 1, 9, 200));
        assertThat(TimeSeries.values(new Series(10, 4, within, true), List.of(entry)))
                .containsExactly(Map.entry(7L, expected));
    }

    @Test
    void forgetsWhatIsOlderThanTheIntervalsThatItKeeps() {
        var series = new Series(10, 2, Within.LAST, true);
        var entries = List.of(entry(slot(6, 1, 60, 1), slot(4, 1, 40, 1)), entry(slot(7, 1, 70, 1), slot(0, 0, 0, 0)));
        assertThat(TimeSeries.values(series, entries)).containsExactly(Map.entry(6L, 60L), Map.entry(7L, 70L));
    }

    @Test
    void comparesWithoutASign() {
        var entry = entry(slot(1, 1, -1, 1), slot(1, 1, 1, 2));
        assertThat(TimeSeries.values(new Series(10, 2, Within.MAX, false), List.of(entry)))
                .containsExactly(Map.entry(1L, -1L));
    }

    @Test
    void drawsALineForEachInterval() {
        var values = new TreeMap<>(Map.of(1L, -5L, 2L, 0L, 4L, 5L));
        String shown = TimeSeries.show(new Series(100, 10, Within.LAST, true), values);
        assertThat(shown.replaceAll("(?m)^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}", "TIME"))
                .isEqualTo("""
                                     -5                                                  5
                        hh:mm:ss.ms  |___________________________________________________|
                        TIME *                         .                         | -5
                        TIME |                         *                         | 0
                        TIME |                         .                         | -
                        TIME |                         .                         * 5
                                     v___________________________________________________v
                                     -5                                                  5
                        """);
    }

    private static Maps.Entry entry(byte[]... slots) {
        return new Maps.Entry(new byte[8], List.of(slots));
    }

    private static byte[] slot(long interval, long n, long value, long written) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.nativeOrder())
                .putLong(interval)
                .putLong(n)
                .putLong(value)
                .putLong(written)
                .array();
    }
}
