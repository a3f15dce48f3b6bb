/**
 * The second pass: what attach points mean ({@link dev.spandrel.probe.check.Expansion}), what type each expression has and what is
 * wrong ({@link dev.spandrel.probe.check.Checks}). A program comes in, {@link dev.spandrel.probe.check.Checked} goes out.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.check;
