package dev.cairn.storage.page;

import dev.cairn.storage.memory.PageBuffer;

/** Judges what a page of an intact checksum says of its own structure. Thread-safe. */
@FunctionalInterface
public interface PageStructure {

    /** For pages whose users judge for themselves. */
    PageStructure ANY = page -> {};

    /** @throws dev.cairn.storage.base.CorruptPageException if something on the page would lead outside of it */
    void check(PageBuffer page);
}
