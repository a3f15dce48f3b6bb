/**
 * What a running program says, as people and programs read it: {@link dev.spandrel.probe.live.show.TextOutput} writes what bpftrace writes.
 * The thread that drives the session calls them.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.live.show;
