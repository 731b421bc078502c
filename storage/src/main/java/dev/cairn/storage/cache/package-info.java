/**
 * Frames, the page table, eviction and write-back; asks WalBarrier before a page reaches its file.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.file, storage.memory, storage.page.
 */
@NullMarked
package dev.cairn.storage.cache;

import org.jspecify.annotations.NullMarked;
