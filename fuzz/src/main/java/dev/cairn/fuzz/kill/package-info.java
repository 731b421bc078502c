/**
 * Child processes that write to a real disk and are killed.
 *
 * <p>Allowed dependencies: fuzz.workload, fuzz.points, the engine's API. Entry point: {@link dev.cairn.fuzz.kill.KillRounds}.
 */
@NullMarked
package dev.cairn.fuzz.kill;

import org.jspecify.annotations.NullMarked;
