/**
 * Programs of transactions with savepoints, drawn from a seed; what they mean; and how they are run on a database.
 *
 * <p>Allowed dependencies: the engine's API, storage.base. Entry points: {@link dev.cairn.fuzz.workload.WorkloadRun}, {@link
 * dev.cairn.fuzz.workload.Model}.
 */
@NullMarked
package dev.cairn.fuzz.workload;

import org.jspecify.annotations.NullMarked;
