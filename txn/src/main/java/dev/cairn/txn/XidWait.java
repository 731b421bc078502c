package dev.cairn.txn;

import java.util.List;
import java.util.function.Consumer;

/** A wait for the branch of another transaction that owns an id. */
final class XidWait extends Wait {

    private final Xact owner;
    private final long xid;

    XidWait(Xact waiter, Xact owner, long xid) {
        super(waiter);
        this.owner = owner;
        this.xid = xid;
    }

    @Override
    boolean enqueue() {
        owner.waits().add(this);
        // Looked at after enqueueing, as the owner looks for waiters after ending: one of the two sees the other.
        if (isPending()) {
            return true;
        }
        owner.waits().remove(this);
        return false;
    }

    @Override
    void dequeue(List<Xact> woken) {
        owner.waits().remove(this);
    }

    @Override
    boolean isPending() {
        return owner.holds(xid);
    }

    @Override
    void forEachBlocker(Consumer<Xact> visit) {
        if (!isOver() && isPending()) {
            visit.accept(owner);
        }
    }

    @Override
    String describe() {
        return "transaction " + xid;
    }
}
