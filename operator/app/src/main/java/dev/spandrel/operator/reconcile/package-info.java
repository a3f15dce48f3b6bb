/**
 * The controller of {@code TracePolicy}: cached policy in, status patch out. Threads of the Java Operator SDK, one per policy at a time.
 */
@NullMarked
package dev.spandrel.operator.reconcile;

import org.jspecify.annotations.NullMarked;
