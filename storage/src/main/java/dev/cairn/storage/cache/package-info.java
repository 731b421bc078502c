/**
 * Pages in memory: frames, the page table, eviction, write-back and growth of data files; asks {@link
 * dev.cairn.storage.cache.WalBarrier} before a page reaches its file.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.file, storage.memory, storage.page. Entry points: {@link
 * dev.cairn.storage.cache.FileTable}, {@link dev.cairn.storage.cache.PageCache}. Files: {@code heap-xxxxxxxx}, pages from
 * 0 on, the first a header page, the last ones zeros not in use yet.
 */
@NullMarked
package dev.cairn.storage.cache;

import org.jspecify.annotations.NullMarked;
