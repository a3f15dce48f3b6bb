/**
 * The third pass: a checked program in, {@link dev.spandrel.probe.lower.Lowering} writes its code. Each class lowers one kind of thing;
 * they share a {@link dev.spandrel.probe.lower.Context}.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.lower;
