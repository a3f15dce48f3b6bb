/** The command {@code spandrel probe}: {@link dev.spandrel.probe.live.tool.Main} reads its arguments, compiles, runs and prints. */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.live.tool;
