/**
 * Exact request metrics from the kernel's counts ({@link dev.spandrel.agent.metric.RequestMetrics}), the agent's own figures, and their two ways out: OTLP
 * ({@link dev.spandrel.agent.metric.MetricExport}) and Prometheus text. Read when somebody collects; one collection at a time.
 */
@NullMarked
package dev.spandrel.agent.metric;

import org.jspecify.annotations.NullMarked;
