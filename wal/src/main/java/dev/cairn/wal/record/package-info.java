/**
 * What the log can say: one Java record per kind, its code, and its encoding.
 *
 * <p>Depends on {@code storage.base} and {@code storage.format}.
 */
@NullMarked
package dev.cairn.wal.record;

import org.jspecify.annotations.NullMarked;
