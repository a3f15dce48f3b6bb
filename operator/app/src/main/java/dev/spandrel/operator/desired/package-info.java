/**
 * Changes in, snapshots out: {@link Desired} compiles policies and inventory a few milliseconds after the last change. One thread,\n * "compile".
 */
@NullMarked
package dev.spandrel.operator.desired;

import org.jspecify.annotations.NullMarked;
