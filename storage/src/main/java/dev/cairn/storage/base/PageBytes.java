package dev.cairn.storage.base;

/** A page's bytes, to be read. Offsets are in bytes; multi-byte values are little-endian. */
public interface PageBytes {

    /** Bytes. */
    int size();

    long getLong(int offset);
}
