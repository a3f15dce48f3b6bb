/**
 * What values are: {@link dev.spandrel.probe.type.Type}, and what the passes ask about the kernel and about files:
 * {@link dev.spandrel.probe.type.Facts}. Immutable; any thread.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.type;
