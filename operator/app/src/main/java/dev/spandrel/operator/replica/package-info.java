/**
 * One operator among several: {@link Election} says which one writes, by a Lease; {@link Relay} tells that one what the agents connected here say, and {@link Elsewhere} is where it is
 * told. Threads "election" and "relay"; gRPC calls in.
 */
@NullMarked
package dev.spandrel.operator.replica;

import org.jspecify.annotations.NullMarked;
