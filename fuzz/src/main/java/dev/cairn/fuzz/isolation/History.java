package dev.cairn.fuzz.isolation;

import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What sessions did and saw, in the order of a common tick. Thread-safe; each {@link Recorded} belongs to its session until
 * the history is judged.
 */
public final class History {

    private final AtomicLong ticks = new AtomicLong();
    private final List<Recorded> transactions = new ArrayList<>();

    /** A transaction begins; to be called before it does. */
    public synchronized Recorded begin(IsolationLevel level) {
        Recorded begun = new Recorded(this, transactions.size(), level);
        transactions.add(begun);
        return begun;
    }

    /** All so far, by their numbers. */
    public synchronized List<Recorded> transactions() {
        return List.copyOf(transactions);
    }

    /** Sooner is smaller. */
    long tick() {
        return ticks.incrementAndGet();
    }

    /** The process has died: what was open is rolled back, what was being committed is in doubt. */
    public synchronized void crashed() {
        transactions.forEach(Recorded::crashed);
    }
}
