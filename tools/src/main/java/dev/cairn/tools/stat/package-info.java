/**
 * Sizes of tables and indexes, and figures of a running database: {@code cairn stat}. The directory is only read, without a lock.
 * Allowed dependencies: storage, recovery (statistics file), engine, tools.console, tools.log.
 */
@NullMarked
package dev.cairn.tools.stat;

import org.jspecify.annotations.NullMarked;
