package dev.cairn.txn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Locks on tables, by table id; what each transaction and level holds stands in its {@link HeldLocks}. First come, first
 * served, except that a holder who asks for more goes before everybody else. All state is guarded by the {@link
 * WaitGraph}'s monitor, so that waits for rows and for tables are one graph.
 */
public final class TableLocks {

    private static final class Lock {
        final Map<Xact, LockMode> holders = new IdentityHashMap<>(1);
        final ArrayDeque<Request> queue = new ArrayDeque<>(1);

        boolean admits(Xact xact, LockMode mode) {
            if (mode == LockMode.USE) {
                return holders.containsKey(xact) || !holders.containsValue(LockMode.SCHEMA_CHANGE);
            }
            return holders.isEmpty() || (holders.size() == 1 && holders.containsKey(xact));
        }

        boolean isIdle() {
            return holders.isEmpty() && queue.isEmpty();
        }
    }

    private final class Request extends Wait {
        private final int tableId;
        private final LockMode mode;

        Request(Xact waiter, int tableId, LockMode mode) {
            super(waiter);
            this.tableId = tableId;
            this.mode = mode;
        }

        @Override
        boolean enqueue() {
            if (take(waiter, tableId, mode)) {
                return false;
            }
            Lock lock = lock(tableId);
            if (lock.holders.containsKey(waiter)) {
                lock.queue.addFirst(this);
            } else {
                lock.queue.addLast(this);
            }
            return true;
        }

        /** Who gives a table back hands it over, so a request waits until it is told. */
        @Override
        boolean isPending() {
            return !isOver();
        }

        @Override
        void dequeue(List<Xact> woken) {
            Lock lock = locks.get(tableId);
            if (lock != null && lock.queue.remove(this)) {
                grant(tableId, lock, woken);
            }
        }

        @Override
        void forEachBlocker(Consumer<Xact> visit) {
            Lock lock = locks.get(tableId);
            if (lock == null || isOver()) {
                return;
            }
            lock.holders.forEach((holder, held) -> {
                if (holder != waiter && mode.conflictsWith(held)) {
                    visit.accept(holder);
                }
            });
            for (Request earlier : lock.queue) {
                if (earlier == this) {
                    return;
                }
                visit.accept(earlier.waiter);
            }
        }

        @Override
        String describe() {
            return "a lock on table " + tableId;
        }
    }

    private final WaitGraph graph;
    private final Map<Integer, Lock> locks = new HashMap<>();

    TableLocks(WaitGraph graph) {
        this.graph = graph;
    }

    /** Takes the lock, waiting for it if need be; the transaction may hold it in a weaker mode. */
    void acquire(Xact xact, int tableId, LockMode mode, long timeoutNanos) {
        boolean taken;
        synchronized (graph) {
            taken = take(xact, tableId, mode);
        }
        if (!taken) {
            graph.await(new Request(xact, tableId, mode), timeoutNanos);
        }
    }

    private Lock lock(int tableId) {
        return locks.computeIfAbsent(tableId, id -> new Lock());
    }

    /** Takes the lock if nobody has to be waited for. */
    private boolean take(Xact xact, int tableId, LockMode mode) {
        Lock lock = lock(tableId);
        boolean mayPass = lock.queue.isEmpty() || lock.holders.containsKey(xact);
        if (mayPass && lock.admits(xact, mode)) {
            lock.holders.put(xact, mode);
            return true;
        }
        return false;
    }

    /** Gives back what a transaction has locked since that mark, the last first; those who can go on do. */
    void giveBack(Xact xact, HeldLocks held, int mark) {
        List<Xact> woken = List.of();
        synchronized (graph) {
            while (held.mark() > mark) {
                int tableId = held.last();
                LockMode before = held.undoLast();
                Lock lock = locks.get(tableId);
                if (lock == null) {
                    throw new IllegalStateException("table " + tableId + " is not locked");
                }
                if (before == null) {
                    lock.holders.remove(xact);
                } else {
                    lock.holders.put(xact, before);
                }
                woken = woken.isEmpty() && !lock.queue.isEmpty() ? new ArrayList<>() : woken;
                grant(tableId, lock, woken);
            }
        }
        if (!woken.isEmpty()) {
            graph.signal(woken);
        }
    }

    private void grant(int tableId, Lock lock, List<Xact> woken) {
        Request head = lock.queue.peek();
        while (head != null && lock.admits(head.waiter, head.mode)) {
            lock.queue.remove();
            lock.holders.put(head.waiter, head.mode);
            head.end();
            woken.add(head.waiter);
            head = lock.queue.peek();
        }
        if (lock.isIdle()) {
            locks.remove(tableId);
        }
    }

    /** Tables that somebody holds or waits for. */
    int size() {
        synchronized (graph) {
            return locks.size();
        }
    }
}
