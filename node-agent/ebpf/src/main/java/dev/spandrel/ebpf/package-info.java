/**
 * libbpf over java.lang.foreign. In: an ELF object and map values; out: loaded programs, links, map access and ring records.
 *
 * <p>Start with {@link dev.spandrel.ebpf.Native#load}; then {@link dev.spandrel.ebpf.BpfObject}. Three layers: {@code Libbpf} and
 * {@code Libc} carry the C names, the typed wrappers own memory and descriptors, everything else only uses the wrappers.
 * No thread is started here; wrappers are used by any thread, a {@link dev.spandrel.ebpf.RingBuffer} by one at a time.
 */
@NullMarked
package dev.spandrel.ebpf;

import org.jspecify.annotations.NullMarked;
