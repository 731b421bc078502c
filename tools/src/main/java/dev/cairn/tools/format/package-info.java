/**
 * FORMAT.md, rendered from the declarations that the code itself uses.
 *
 * <p>Allowed dependencies: storage, wal, txn, recovery, tools.console.
 */
@NullMarked
package dev.cairn.tools.format;

import org.jspecify.annotations.NullMarked;
