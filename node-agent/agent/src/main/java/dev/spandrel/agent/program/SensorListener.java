package dev.spandrel.agent.program;

/** The data half's side of a sensor's life. */
public interface SensorListener {
    /** The object is in the kernel; nothing is attached yet. */
    void loaded(Sensor sensor);

    /** Nothing is attached any more. Drain, flush and read the last counts: the object closes when this returns. */
    void unloading(Sensor sensor);
}
