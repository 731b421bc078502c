package dev.cairn.txn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A wait for a row: for the branch that is changing it, for those who have locked it, and for those who came earlier. */
final class RowWait extends Wait {

    private final RowPlace place;
    /** Whose change of the row is in the way; null if none is. */
    private final @Nullable Xact owner;

    private final long xid;

    RowWait(RowPlace place, @Nullable Xact owner, long xid) {
        super(place.xact());
        this.place = place;
        this.owner = owner;
        this.xid = xid;
    }

    @Override
    boolean enqueue() {
        if (owner != null) {
            owner.waits().add(this);
        }
        place.setWait(this);
        // Looked at after enqueueing, as the owner looks for waiters after ending: one of the two sees the other.
        if (isPending()) {
            return true;
        }
        dequeue(List.of());
        return false;
    }

    /** The place in the row's queue stays: its transaction looks at the row again first. */
    @Override
    void dequeue(List<Xact> woken) {
        place.setWait(null);
        if (owner != null) {
            owner.waits().remove(this);
        }
    }

    @Override
    boolean isPending() {
        return (owner != null && owner.holds(xid)) || place.isBlocked();
    }

    @Override
    void forEachBlocker(Consumer<Xact> visit) {
        if (isOver()) {
            return;
        }
        if (owner != null && owner.holds(xid)) {
            visit.accept(owner);
        }
        place.forEachBlocker(visit);
    }

    @Override
    String describe() {
        return "row " + RowLocks.describe(place.page(), place.slot())
                + (owner == null ? "" : ", which transaction " + xid + " is changing");
    }
}
