/**
 * The tree of an index under writers and readers at once, against a model.
 *
 * <p>Allowed dependencies: storage, wal, txn, recovery, fuzz.schedule, fuzz.disk. Entry point: {@link
 * dev.cairn.fuzz.index.IndexRaces}.
 */
@NullMarked
package dev.cairn.fuzz.index;

import org.jspecify.annotations.NullMarked;
