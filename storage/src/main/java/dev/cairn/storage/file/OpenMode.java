package dev.cairn.storage.file;

/** How {@link Disk#open} opens. */
public enum OpenMode {
    READ,
    WRITE,
    CREATE
}
