/**
 * What is read from the API server besides policies: the pods, as {@link dev.spandrel.policy.Inventory}. And the CRD, installed where\n * it is missing. Informer threads write, the compile thread reads.
 */
@NullMarked
package dev.spandrel.operator.cluster;

import org.jspecify.annotations.NullMarked;
