/**
 * The logged operations on indexes: a B-link tree whose readers latch nothing and whose writers latch one page or two.
 *
 * <p>Allowed dependencies: storage, wal, txn. Entry points: {@link dev.cairn.txn.btree.BTree}, {@link
 * dev.cairn.txn.btree.BTreeCursor}.
 */
@NullMarked
package dev.cairn.txn.btree;

import org.jspecify.annotations.NullMarked;
