/**
 * The operator as a program: command line, wiring, health. Everything else is in the packages below.
 */
@NullMarked
package dev.spandrel.operator;

import org.jspecify.annotations.NullMarked;
