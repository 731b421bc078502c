package dev.cairn.txn;

import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who waits for whom, and the sleeping. Its monitor guards all queues: those of transactions ({@link XidWait}), of
 * {@link TableLocks} and of {@link RowLocks}. A wait begins with a search for a cycle; whoever closes one is the victim. Nobody closes a cycle
 * otherwise: a lock that is granted past a waiter goes only to one who blocks that waiter already.
 *
 * <p>The monitor is held for short work in memory only; nobody sleeps or signals under it.
 */
final class WaitGraph {

    private final Health health;
    /** Those who sleep, in the order in which they began to. */
    private final Set<Wait> sleeping = new LinkedHashSet<>();

    WaitGraph(Health health) {
        this.health = health;
    }

    /**
     * Sleeps until the wait is over.
     *
     * @throws TransactionException 40P01 if it would never be, 55P03 after the time, 57014 if the thread is interrupted (its
     *     flag is set again), 57P01 if the database is being closed
     */
    void await(Wait wait, long timeoutNanos) {
        Xact waiter = wait.waiter;
        List<Xact> woken = new ArrayList<>();
        boolean cycle = false;
        synchronized (this) {
            if (!wait.enqueue()) {
                return;
            }
            waiter.waits().setOutgoing(wait);
            sleeping.add(wait);
            cycle = closesCycle(waiter);
            if (cycle) {
                leave(wait, woken);
            }
        }
        if (cycle) {
            signal(woken);
            throw new TransactionException(
                    SqlState.DEADLOCK_DETECTED, "deadlock detected while waiting for " + wait.describe());
        }
        boolean interrupted = false;
        try {
            XactGate gate = waiter.gate();
            gate.signal().await(() -> wait.isOver() || gate.isKilled() || health.isFailed(), timeoutNanos);
        } catch (InterruptedException e) {
            interrupted = true;
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                leave(wait, woken);
            }
            signal(woken);
        }
        conclude(wait, interrupted);
    }

    private void conclude(Wait wait, boolean interrupted) {
        health.check();
        wait.waiter.gate().requireNotKilled();
        if (wait.isOver()) {
            return;
        }
        throw interrupted
                ? new TransactionException(SqlState.QUERY_CANCELED, "interrupted while waiting for " + wait.describe())
                : new TransactionException(SqlState.LOCK_NOT_AVAILABLE, "waited too long for " + wait.describe());
    }

    private void leave(Wait wait, List<Xact> woken) {
        wait.waiter.waits().setOutgoing(null);
        sleeping.remove(wait);
        if (!wait.isOver()) {
            wait.dequeue(woken);
        }
    }

    private boolean closesCycle(Xact requester) {
        Set<Xact> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Xact> next = new ArrayDeque<>();
        next.add(requester);
        boolean[] found = new boolean[1];
        while (!next.isEmpty() && !found[0]) {
            Wait wait = next.remove().waits().outgoing();
            if (wait != null) {
                wait.forEachBlocker(blocker -> {
                    if (blocker == requester) {
                        found[0] = true;
                    } else if (seen.add(blocker)) {
                        next.add(blocker);
                    }
                });
            }
        }
        return found[0];
    }

    /** Who waits for whom at this moment; somebody who has been woken does not wait any longer. */
    List<LockWait> waits() {
        List<LockWait> all = new ArrayList<>();
        synchronized (this) {
            for (Wait wait : sleeping) {
                if (!wait.isOver()) {
                    Set<Long> blockers = new TreeSet<>();
                    wait.forEachBlocker(blocker -> blockers.add(blocker.number()));
                    all.add(new LockWait(
                            wait.waiter.number(), wait.waiter.label(), List.copyOf(blockers), wait.describe()));
                }
            }
        }
        return all;
    }

    /** A level of {@code owner} has ended: those who waited for an id of it go on. Call without the monitor. */
    void wake(Xact owner) {
        if (!owner.waits().hasIncoming()) {
            return;
        }
        List<Xact> woken = new ArrayList<>();
        synchronized (this) {
            for (Wait wait : owner.waits().incoming()) {
                wait.settle(woken);
            }
        }
        signal(woken);
    }

    /** Call without the monitor. */
    void signal(List<Xact> woken) {
        for (Xact xact : woken) {
            xact.gate().signal().signalAll();
        }
    }
}
