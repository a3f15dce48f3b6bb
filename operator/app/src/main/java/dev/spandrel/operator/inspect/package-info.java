/**
 * What people ask: {@link dev.spandrel.operator.inspect.InspectionService} answers from the last snapshot and from what the agents of this
 * replica said, and asks the agent of a pod's node what its kernel holds. gRPC's threads; the rest is pure.
 */
@NullMarked
package dev.spandrel.operator.inspect;

import org.jspecify.annotations.NullMarked;
