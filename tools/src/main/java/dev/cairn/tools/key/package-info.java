/**
 * One row's history: {@code cairn key}. The pages are those that opening would leave, recovered in private memory; the directory is
 * only read, without a lock. Allowed dependencies: storage, wal, engine, tools.console, tools.log.
 */
@NullMarked
package dev.cairn.tools.key;

import org.jspecify.annotations.NullMarked;
