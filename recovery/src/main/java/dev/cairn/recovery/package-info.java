/**
 * Control file, checkpoints, redo and the phases of recovery.
 *
 * <p>Allowed dependencies: storage, wal, txn. Entry point: {@link dev.cairn.recovery.Recovery#open}, which gives an {@link
 * dev.cairn.recovery.OpenedStore}. Files on disk: {@code control}, and {@code control.new} while a database is being made;
 * the layout is {@link dev.cairn.recovery.ControlSlot}'s.
 */
@NullMarked
package dev.cairn.recovery;

import org.jspecify.annotations.NullMarked;
