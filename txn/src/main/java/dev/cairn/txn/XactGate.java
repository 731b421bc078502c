package dev.cairn.txn;

import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import org.jspecify.annotations.Nullable;

/**
 * Between a transaction's thread and one that closes the database: either the transaction is in the engine, and the closer
 * waits, or it has been killed, and every further call is refused.
 */
final class XactGate {

    private final Scheduler scheduler;

    /** Made when first needed: few transactions wait. */
    private volatile Scheduler.@Nullable Signal signal;

    /** How deep the calls are nested; of the transaction's thread. */
    private int entered;

    private volatile boolean busy;
    private volatile boolean killed;

    XactGate(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Where the transaction's thread sleeps when it waits for others, and the closer when he waits for it. Any thread. */
    Scheduler.Signal signal() {
        Scheduler.Signal present = signal;
        return present == null ? firstSignal() : present;
    }

    private synchronized Scheduler.Signal firstSignal() {
        Scheduler.Signal made = signal;
        if (made == null) {
            made = scheduler.newSignal();
            signal = made;
        }
        return made;
    }

    /** @throws TransactionException 57P01 if it has been killed; nothing is to be left then */
    void enter() {
        if (!tryEnter()) {
            requireNotKilled();
        }
    }

    boolean tryEnter() {
        if (entered++ == 0) {
            busy = true;
        }
        // Whoever closes sets killed first and looks at busy then: one of the two sees the other.
        if (killed) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        if (--entered == 0) {
            busy = false;
            if (killed) {
                signal().signalAll();
            }
        }
    }

    boolean isBusy() {
        return busy;
    }

    boolean isKilled() {
        return killed;
    }

    /** Waits of the transaction end, and so does its way into the engine. Any thread. */
    void kill() {
        killed = true;
        signal().signalAll();
    }

    void requireNotKilled() {
        if (killed) {
            throw new TransactionException(SqlState.ADMIN_SHUTDOWN, "the database is being closed");
        }
    }
}
