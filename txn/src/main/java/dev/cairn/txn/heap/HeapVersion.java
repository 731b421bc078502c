package dev.cairn.txn.heap;

/**
 * A row version as read.
 *
 * @param rowId where it stands
 * @param xmin who made it: with the row id this names the version, though its slot may be used again later
 * @param data the row without the tuple header; the caller's own copy
 */
public record HeapVersion(long rowId, long xmin, byte[] data) {}
