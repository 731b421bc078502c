/**
 * Byte mutators of row versions on heap pages; no I/O, no log.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.memory, storage.page. Entry point: {@link
 * dev.cairn.storage.heap.HeapPage}.
 */
@NullMarked
package dev.cairn.storage.heap;

import org.jspecify.annotations.NullMarked;
