/**
 * Pages as people and programs see them: {@code cairn page}. Reads one page of a file as it lies on disk, without a lock, and
 * never writes. Allowed dependencies: storage, recovery (for the control file), engine (for the tables), tools.console,
 * tools.log.
 */
@NullMarked
package dev.cairn.tools.page;

import org.jspecify.annotations.NullMarked;
