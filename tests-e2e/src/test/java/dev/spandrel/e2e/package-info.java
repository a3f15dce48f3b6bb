/**
 * End-to-end tests: the built agent and operator as processes, this kernel, real servers and clients in cgroups that the test makes.
 * What a test starts it ends by pid; what it makes it removes.
 */
@NullMarked
package dev.spandrel.e2e;

import org.jspecify.annotations.NullMarked;
