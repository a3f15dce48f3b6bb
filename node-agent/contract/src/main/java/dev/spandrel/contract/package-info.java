/** What is said of the contract beside its messages, which are generated. */
@NullMarked
package dev.spandrel.contract;

import org.jspecify.annotations.NullMarked;
