/**
 * The public API: databases, transactions, savepoints, tables and rows.
 *
 * <p>Allowed dependencies: storage, wal, txn, recovery.
 */
@NullMarked
package dev.cairn.engine;

import org.jspecify.annotations.NullMarked;
