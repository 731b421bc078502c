/**
 * Control file, checkpoints, redo and the phases of recovery.
 *
 * <p>Allowed dependencies: storage, wal, txn.
 */
@NullMarked
package dev.cairn.recovery;

import org.jspecify.annotations.NullMarked;
