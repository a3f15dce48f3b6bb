/**
 * A compiled program while it runs: {@link dev.spandrel.probe.live.session.Session} loads and attaches it, drains its records and reads
 * its maps. One thread drives it.
 */
@org.jspecify.annotations.NullMarked
package dev.spandrel.probe.live.session;
