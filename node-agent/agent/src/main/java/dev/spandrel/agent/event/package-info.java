/**
 * What the kernel tells: the layout of ring records, metric keys and counters, and flyweights that read them in place.
 *
 * <p>In: bytes of the ring buffer and of the maps. Out: {@link dev.spandrel.agent.event.ExchangeRecord}. The numbers are compared with the
 * BPF object's BTF in a test and at start. No thread of its own.
 */
@NullMarked
package dev.spandrel.agent.event;

import org.jspecify.annotations.NullMarked;
