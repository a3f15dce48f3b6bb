/**
 * Who calls: a bearer token in, a {@link dev.spandrel.operator.identity.Caller} or a refusal out. {@link dev.spandrel.operator.identity.Claims} refuses without asking anybody what
 * cannot be right; the API server decides about the rest.
 */
@NullMarked
package dev.spandrel.operator.identity;

import org.jspecify.annotations.NullMarked;
