/**
 * Faults of the disk and of memory in the middle of a workload, in recovery and at rest, and what may come of each.
 *
 * <p>Allowed dependencies: fuzz.disk, fuzz.workload, fuzz.crash, the engine's API, recovery and wal for reading what is on a
 * disk. Entry points: {@link dev.cairn.fuzz.fault.FaultyLives}, {@link dev.cairn.fuzz.fault.FaultMatrix}.
 */
@NullMarked
package dev.cairn.fuzz.fault;

import org.jspecify.annotations.NullMarked;
