/**
 * The first pass: text in, {@link dev.spandrel.probe.syntax.Program} out. {@link dev.spandrel.probe.syntax.Parser} never throws on
 * what it reads: what it cannot read becomes a {@link dev.spandrel.probe.syntax.Diagnostic}, and it goes on after the next probe.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.syntax;
