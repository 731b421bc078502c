package dev.cairn.txn;

import java.util.List;

/**
 * A transaction that waits for others.
 *
 * @param waiter its number, as {@link Xact#number}
 * @param label what the application calls its session, empty for nothing
 * @param blockers the numbers of those that it waits for, ascending
 * @param description what it waits for
 */
public record LockWait(long waiter, String label, List<Long> blockers, String description) {}
