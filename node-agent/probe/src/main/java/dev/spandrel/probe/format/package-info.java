/** Format strings of printf and its kin, as the checks and whoever prints read them. Pure. */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.format;
