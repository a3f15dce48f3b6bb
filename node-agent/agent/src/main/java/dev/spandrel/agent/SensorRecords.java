package dev.spandrel.agent;

import dev.spandrel.agent.event.RecordSource;
import dev.spandrel.agent.program.Sensor;
import dev.spandrel.ebpf.RecordConsumer;
import java.time.Duration;

/** A sensor's ring as the drain thread sees it. */
record SensorRecords(Sensor sensor) implements RecordSource {
    @Override
    public int drain(RecordConsumer records, int limit) {
        return sensor.ring().drain(records, limit);
    }

    @Override
    public void flush(Duration quiet) {
        sensor.flush(quiet);
    }

    @Override
    public void forgetIdle() {
        sensor.forgetIdle();
    }

    @Override
    public void await(Duration timeout) {
        sensor.ring().await(timeout);
    }
}
