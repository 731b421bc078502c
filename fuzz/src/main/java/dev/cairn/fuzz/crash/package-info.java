/**
 * Crashes at every operation of a workload, and the judgement of what recovery makes of them.
 *
 * <p>Allowed dependencies: fuzz.disk, fuzz.workload, the engine's API, recovery and wal for reading what is on a disk. Entry points: {@link
 * dev.cairn.fuzz.crash.CrashExplorer}, {@link dev.cairn.fuzz.crash.ManyLives}.
 */
@NullMarked
package dev.cairn.fuzz.crash;

import org.jspecify.annotations.NullMarked;
