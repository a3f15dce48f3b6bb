/**
 * Instructions over as many registers as one likes: what lowering writes and code generation reads. {@link dev.spandrel.probe.ir.Code}
 * gathers them, {@link dev.spandrel.probe.ir.Ir} is one.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.ir;
