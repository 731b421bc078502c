package dev.cairn.storage.cache;

/** How pages come in. Either way they are copied first and judged in the copy. */
public enum PageSource {
    /** Through read-only mappings where the disk has them; a copy that fails its checks is read once more plainly. */
    MAP,
    /** By plain reads. */
    READ
}
