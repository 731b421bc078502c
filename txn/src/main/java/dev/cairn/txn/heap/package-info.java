/**
 * The logged, transactional operations on heap pages.
 *
 * <p>Allowed dependencies: storage, wal, txn.
 */
@NullMarked
package dev.cairn.txn.heap;

import org.jspecify.annotations.NullMarked;
