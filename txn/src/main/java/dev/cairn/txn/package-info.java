/**
 * Xids, transaction status, sub-transactions, snapshots, visibility, savepoints, row locks.
 *
 * <p>Allowed dependencies: storage, wal.
 */
@NullMarked
package dev.cairn.txn;

import org.jspecify.annotations.NullMarked;
