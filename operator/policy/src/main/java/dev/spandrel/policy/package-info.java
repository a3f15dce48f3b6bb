/**
 * Policies and inventory in, the configuration of each node out: {@link Compiler#compile}. {@link PolicyFiles} reads policies from
 * YAML text with the rules of the CRD. Pure functions over immutable values: no I/O, no clock, any thread.
 */
@NullMarked
package dev.spandrel.policy;

import org.jspecify.annotations.NullMarked;
