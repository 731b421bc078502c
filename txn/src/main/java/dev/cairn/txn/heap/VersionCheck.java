package dev.cairn.txn.heap;

import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.txn.TupleState;
import dev.cairn.txn.Visibility;
import dev.cairn.txn.Xact;
import org.jspecify.annotations.Nullable;

/**
 * What a version means to somebody who wants to make another row with the same key: judged without a snapshot, per
 * sub-transaction.
 *
 * @param blocker the transaction to wait for before asking again, if {@link Kind#UNDECIDED}
 * @param version the version, unless {@link Kind#DEAD}
 */
public record VersionCheck(
        Kind kind, long blocker, @Nullable HeapVersion version) {

    /** The outcomes. */
    public enum Kind {
        /** It is there, made by this transaction or by a committed one. */
        LIVE,
        /** It has been deleted, but some snapshot may see it. */
        DELETED,
        /** Nobody can see it, now or later; or there is none. */
        DEAD,
        /** Another transaction is making or deleting it. */
        UNDECIDED
    }

    static final VersionCheck DEAD = new VersionCheck(Kind.DEAD, 0, null);

    static VersionCheck of(Xact xact, HeapContext context, TupleView tuple) {
        if ((tuple.flags() & TupleFlags.FROZEN) == 0) {
            TupleState made = state(xact, context, tuple.xmin());
            if (made == TupleState.FREE) {
                return DEAD;
            }
            if (made == TupleState.IN_PROGRESS) {
                return new VersionCheck(Kind.UNDECIDED, tuple.xmin(), tuple.toVersion());
            }
        }
        return switch (state(xact, context, tuple.xmax())) {
            case FREE -> new VersionCheck(Kind.LIVE, 0, tuple.toVersion());
            case IN_PROGRESS -> new VersionCheck(Kind.UNDECIDED, tuple.xmax(), tuple.toVersion());
            case MINE -> new VersionCheck(Kind.DELETED, 0, tuple.toVersion());
            case COMMITTED -> deleted(context, tuple);
        };
    }

    private static VersionCheck deleted(HeapContext context, TupleView tuple) {
        long horizon = context.transactions.horizon();
        boolean dead = Visibility.isDead(tuple.xmin(), tuple.xmax(), tuple.flags(), horizon, context.window);
        return dead ? DEAD : new VersionCheck(Kind.DELETED, 0, tuple.toVersion());
    }

    private static TupleState state(Xact xact, HeapContext context, long xid) {
        return Visibility.stateForWriter(xid, xact, context.window, context.transactions.publishLsn());
    }
}
