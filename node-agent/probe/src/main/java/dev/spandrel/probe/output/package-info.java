/**
 * What a compiled program is: {@link dev.spandrel.probe.output.Compiled}, with its maps, BPF programs and what to do with each record that
 * they emit. Whoever loads and prints depends on this package alone.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.output;
