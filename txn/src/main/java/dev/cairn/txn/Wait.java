package dev.cairn.txn;

import java.util.List;
import java.util.function.Consumer;

/** One transaction's wait for others. Guarded by the {@link WaitGraph}'s monitor but for {@link #isOver}. */
abstract class Wait {

    final Xact waiter;
    private volatile boolean over;

    Wait(Xact waiter) {
        this.waiter = waiter;
    }

    /** Whether what was waited for has come. Any thread, without the monitor. */
    boolean isOver() {
        return over;
    }

    final void end() {
        over = true;
    }

    /** Enters the queue, then looks again; false if there is nothing to wait for. */
    abstract boolean enqueue();

    /** Whether what is waited for is still to come. */
    abstract boolean isPending();

    /** Lets the waiter go on if it has nothing to wait for any longer; it is to be signalled without the monitor. */
    final void settle(List<Xact> woken) {
        if (!over && !isPending()) {
            dequeue(woken);
            over = true;
            woken.add(waiter);
        }
    }

    /** Leaves the queue, if still in it; adds those who can go on because of that, to be signalled without the monitor. */
    abstract void dequeue(List<Xact> woken);

    /** Those who must move before this wait can end. */
    abstract void forEachBlocker(Consumer<Xact> visit);

    /** For messages. */
    abstract String describe();
}
