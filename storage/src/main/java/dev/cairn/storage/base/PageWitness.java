package dev.cairn.storage.base;

/**
 * Sees every page that is given free after a change, whether the running engine or redo has made it; so what redo makes of a
 * page can be held against what the engine made of it. Changes nothing. Thread-safe.
 */
@FunctionalInterface
public interface PageWitness {

    /** Looks away. */
    PageWitness NONE = (fileId, pageNo, page) -> {};

    /** The caller still has the page latched and differs from its file; the checksum in it is that of its last writing. */
    void changed(int fileId, int pageNo, PageBytes page);
}
