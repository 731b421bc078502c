/**
 * One Java record per log record type, and their codec.
 *
 * <p>Allowed dependencies: storage.
 */
@NullMarked
package dev.cairn.wal.record;

import org.jspecify.annotations.NullMarked;
