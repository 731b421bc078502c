/**
 * Byte mutators of tuples and heap pages; no I/O, no log.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.memory, storage.page.
 */
@NullMarked
package dev.cairn.storage.heap;

import org.jspecify.annotations.NullMarked;
