/**
 * Real threads of which exactly one runs at a time: which one is drawn from a seed wherever the engine waits, locks, spins,
 * reaches a named point or calls the disk.
 *
 * <p>Allowed dependencies: fuzz.disk, storage.base, storage.file. Entry point: {@link
 * dev.cairn.fuzz.schedule.SimScheduler}.
 */
@NullMarked
package dev.cairn.fuzz.schedule;

import org.jspecify.annotations.NullMarked;
