/**
 * What this machine lets the agent do: {@link dev.spandrel.agent.doctor.Facts} are read from the kernel, {@link dev.spandrel.agent.doctor.Diagnosis} is what
 * they amount to, a pure function. {@link dev.spandrel.agent.doctor.Doctor} is the command {@code spandrel-agent doctor}, which also loads the programs and
 * measures; at the agent's start only what costs nothing is looked at. One thread.
 */
@NullMarked
package dev.spandrel.agent.doctor;

import org.jspecify.annotations.NullMarked;
