/**
 * Transactions: ids, status, sub-transactions, snapshots, visibility, savepoints, waiting, table locks.
 *
 * <p>Allowed dependencies: storage, wal. Entry point: {@link dev.cairn.txn.TransactionSystem}, which gives out {@link
 * dev.cairn.txn.Xact}. Files on disk: {@code status} ({@link dev.cairn.txn.TransactionStatus}).
 *
 * <p>Order of locks: publisher's mutex, then the log; the wait graph's monitor is innermost, and nothing that blocks is
 * called under it.
 */
@NullMarked
package dev.cairn.txn;

import org.jspecify.annotations.NullMarked;
