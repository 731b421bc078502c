/**
 * Values that do not fit into a row, spread over pages of their own: byte mutators and references; no I/O, no log.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.memory, storage.page. Entry point: {@link
 * dev.cairn.storage.overflow.OverflowPage}.
 */
@NullMarked
package dev.cairn.storage.overflow;

import org.jspecify.annotations.NullMarked;
