/**
 * Index pages as bytes: their mutators, and keys whose byte order is the order of the values. No I/O, no log.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.memory, storage.page. Entry points: {@link
 * dev.cairn.storage.btree.BTreePage}, {@link dev.cairn.storage.btree.KeyCodec}.
 */
@NullMarked
package dev.cairn.storage.btree;

import org.jspecify.annotations.NullMarked;
