package dev.cairn.txn;

/**
 * What a statement or scan sees: everything committed at or before {@code lsn}, and of its own transaction what was
 * written by commands before {@code command}. Immutable; taking one costs the same however many transactions are open.
 *
 * @param lsn the publish LSN when it was taken
 * @param command command id of its own transaction at which it was opened; 0 or more
 */
public record Snapshot(long lsn, int command) {}
