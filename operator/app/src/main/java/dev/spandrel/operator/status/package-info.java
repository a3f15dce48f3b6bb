/**
 * Status of a policy from the compile result and from what the nodes acknowledged: {@link PolicyStatus}. Pure.
 */
@NullMarked
package dev.spandrel.operator.status;

import org.jspecify.annotations.NullMarked;
