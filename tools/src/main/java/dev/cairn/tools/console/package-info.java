/**
 * What every command shares: its streams, its exit codes, child processes of the same program, temporary directories.
 *
 * <p>Allowed dependencies: storage, wal (names of segments), recovery (the control file), engine.
 */
@NullMarked
package dev.cairn.tools.console;

import org.jspecify.annotations.NullMarked;
