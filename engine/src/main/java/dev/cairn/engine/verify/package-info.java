/**
 * Judges a database directory as a whole, without changing it: control file, log, transaction status, catalog, every page.
 *
 * <p>Allowed dependencies: storage, wal, txn, recovery, engine. Entry point: {@link
 * dev.cairn.engine.verify.DirectoryCheck#run}.
 */
@NullMarked
package dev.cairn.engine.verify;

import org.jspecify.annotations.NullMarked;
