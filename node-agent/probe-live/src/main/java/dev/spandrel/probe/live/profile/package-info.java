/** Counted stacks as OpenTelemetry's profiles have them: {@link Profile} in, tables by index out ({@link Dictionary}). Pure; of one thread. */
@NullMarked
package dev.spandrel.probe.live.profile;

import org.jspecify.annotations.NullMarked;
