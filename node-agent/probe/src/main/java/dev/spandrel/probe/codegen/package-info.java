/**
 * The last pass: registers are handed out ({@link dev.spandrel.probe.codegen.Allocation}) and instructions encoded
 * ({@link dev.spandrel.probe.codegen.Generator}). Pure.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.codegen;
