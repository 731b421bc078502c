/**
 * Copies what can still be read of a damaged directory into a new database.
 *
 * <p>Allowed dependencies: storage, wal, txn, recovery, engine. Entry point: {@link dev.cairn.engine.salvage.Salvage#run}.
 */
@NullMarked
package dev.cairn.engine.salvage;

import org.jspecify.annotations.NullMarked;
