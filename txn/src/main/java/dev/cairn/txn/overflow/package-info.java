/**
 * Values that are too large for their rows: written to pages of their own, read when asked for, and given back when nobody
 * can see them any more.
 *
 * <p>Allowed dependencies: storage, wal, txn. Entry points: {@link dev.cairn.txn.overflow.Overflow}, {@link
 * dev.cairn.txn.overflow.OverflowReader}.
 */
@NullMarked
package dev.cairn.txn.overflow;

import org.jspecify.annotations.NullMarked;
