package dev.cairn.fuzz.isolation;

import dev.cairn.txn.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * What isolation keeps from happening, named as Adya, Liskov and O'Neil do ("Generalized Isolation Level Definitions", 2000).
 * Cycles are made of ww (the next version of a list), wr (read from) and rw (read a list that the other appended to next).
 */
public enum Anomaly {
    /** An acknowledged value is not there. */
    LOST_WRITE(null, "an acknowledged write is not there"),
    /** Lists that were read are not beginnings of one and the same list. */
    VERSION_ORDER(null, "reads contradict each other about the order of versions"),
    /** A read differs from what was committed up to its snapshot. */
    SNAPSHOT(null, "what was read is not what the snapshot shows"),
    /** A transaction does not see what it has written, or sees what it has taken back. */
    INTERNAL(null, "a transaction does not see its own work as it stands"),
    /** Cycle of ww. */
    G0(null, "dirty write: a cycle of ww"),
    /** Something was read whose transaction, or savepoint, was rolled back. */
    G1A(null, "aborted read: what was read has been rolled back"),
    /** Something was read that its transaction wrote over, or before it committed. */
    G1B(null, "intermediate read: what was read was not committed so, or not yet"),
    /** Cycle of ww and wr. */
    G1C(null, "circular information flow: a cycle of ww and wr"),
    /** An edge leads against the time that has passed: a snapshot too old, a version put before an older one. */
    REAL_TIME(null, "what was acknowledged before the beginning was not seen"),
    /** Somebody wrote to a row that another had locked. */
    LOCK_BROKEN(null, "a locked row was changed, or a lock was kept that had been given back"),
    /** Two transactions read a list and both appended to it. */
    LOST_UPDATE(IsolationLevel.READ_COMMITTED, "lost update: both wrote to what both had read"),
    /** Cycle with exactly one rw. */
    G_SINGLE(IsolationLevel.READ_COMMITTED, "read skew: a cycle with one rw"),
    /** Cycle with several rw, all of them of lists that were there. */
    G2_ITEM(IsolationLevel.REPEATABLE_READ, "write skew: a cycle with several rw"),
    /** Cycle with several rw, some of them of lists that were not there: phantoms. */
    G2(IsolationLevel.REPEATABLE_READ, "write skew by phantoms: a cycle with several rw, some of predicates");

    /** The strongest level at which it may happen; null for none. */
    private final @Nullable IsolationLevel allowed;

    private final String text;

    Anomaly(@Nullable IsolationLevel allowed, String text) {
        this.allowed = allowed;
        this.text = text;
    }

    public boolean isAllowedAt(IsolationLevel level) {
        return allowed != null && level.compareTo(allowed) <= 0;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
