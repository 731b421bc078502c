/**
 * The log as people and programs see it: {@code cairn log}, {@code cairn txn}, {@code cairn info}.
 *
 * <p>Everything here reads and never writes: no lock is taken and no byte of the directory changes. Allowed dependencies:
 * storage, wal, recovery (for the control file), engine (for the tables), sql.type (values as text), tools.console.
 */
@NullMarked
package dev.cairn.tools.log;

import org.jspecify.annotations.NullMarked;
