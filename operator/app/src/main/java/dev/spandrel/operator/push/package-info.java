/**
 * What nodes are to do in, pushes out; acknowledgements in, {@link NodeProgress} out. At most one push per node is outstanding, newer ones\n * merge. Any thread: gRPC calls in, the compile thread sets targets; each node has its own lock.
 */
@NullMarked
package dev.spandrel.operator.push;

import org.jspecify.annotations.NullMarked;
