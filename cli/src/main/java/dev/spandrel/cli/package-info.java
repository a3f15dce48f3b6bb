/**
 * The command {@code spandrel}. {@link dev.spandrel.cli.Main} reads the command line; each command asks all {@link dev.spandrel.cli.Replicas}
 * of the operator, makes one answer of theirs ({@link dev.spandrel.cli.Merge}) and shows it. What is shown, and the exit code, are pure
 * functions of the answer.
 */
@NullMarked
package dev.spandrel.cli;

import org.jspecify.annotations.NullMarked;
