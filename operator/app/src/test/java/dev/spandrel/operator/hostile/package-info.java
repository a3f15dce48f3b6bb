/** Clients that mean no good, or cannot do better. */
@NullMarked
package dev.spandrel.operator.hostile;

import org.jspecify.annotations.NullMarked;
