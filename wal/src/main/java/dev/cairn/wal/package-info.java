/**
 * Appending to the log, group commit, and the one reader of the log.
 *
 * <p>Allowed dependencies: storage, wal.record, wal.segment.
 */
@NullMarked
package dev.cairn.wal;

import org.jspecify.annotations.NullMarked;
