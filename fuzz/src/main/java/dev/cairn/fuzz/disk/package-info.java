/**
 * A disk in memory that knows what a power failure may leave of it.
 *
 * <p>Allowed dependencies: storage.base, storage.file. Entry point: {@link dev.cairn.fuzz.disk.SimDisk}.
 */
@NullMarked
package dev.cairn.fuzz.disk;

import org.jspecify.annotations.NullMarked;
