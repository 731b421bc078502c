/**
 * Page identity, page header, slotted pages, checksums.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.memory.
 */
@NullMarked
package dev.cairn.storage.page;

import org.jspecify.annotations.NullMarked;
