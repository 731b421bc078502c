package dev.cairn.txn;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a row, at which level of his, and how strongly: an immutable set, shared by all rows of a page that are held
 * alike. A transaction stands in it once for each strength that a level of its added.
 */
final class RowHolds {

    /** One transaction's lock. {@code level} is the serial of the level that took it, 0 for the top. */
    private record Hold(Xact owner, long level, RowLockMode mode) {}

    static final RowHolds NONE = new RowHolds(new Hold[0]);

    private final Hold[] holds;

    private RowHolds(Hold[] holds) {
        this.holds = holds;
    }

    boolean isEmpty() {
        return holds.length == 0;
    }

    /** How strongly that transaction holds it; null if it does not. */
    @Nullable RowLockMode modeOf(Xact xact) {
        RowLockMode strongest = null;
        for (Hold hold : holds) {
            if (hold.owner == xact && (strongest == null || hold.mode.compareTo(strongest) > 0)) {
                strongest = hold.mode;
            }
        }
        return strongest;
    }

    /** Whether all that the transaction holds was taken at that level. */
    boolean isOnlyOf(Xact xact, long level) {
        for (Hold hold : holds) {
            if (hold.owner == xact && hold.level != level) {
                return false;
            }
        }
        return true;
    }

    /** Whether that transaction took something at {@code level} or at one opened later. */
    boolean holdsFrom(Xact xact, long level) {
        for (Hold hold : holds) {
            if (hold.owner == xact && hold.level >= level) {
                return true;
            }
        }
        return false;
    }

    boolean hasLevel(Xact xact, long level) {
        for (Hold hold : holds) {
            if (hold.owner == xact && hold.level == level) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody else's lock keeps that transaction from the row. */
    boolean conflict(Xact xact, RowLockMode mode) {
        for (Hold hold : holds) {
            if (hold.owner != xact && hold.mode.conflictsWith(mode)) {
                return true;
            }
        }
        return false;
    }

    void forEachConflict(Xact xact, RowLockMode mode, Consumer<Xact> visit) {
        for (Hold hold : holds) {
            if (hold.owner != xact && hold.mode.conflictsWith(mode)) {
                visit.accept(hold.owner);
            }
        }
    }

    /** Each hold of others than {@code writer}. */
    void forEachOther(Xact writer, OtherHold visit) {
        for (Hold hold : holds) {
            if (hold.owner != writer) {
                visit.accept(hold.owner, hold.level, hold.mode);
            }
        }
    }

    /** Sees one hold. */
    @FunctionalInterface
    interface OtherHold {
        void accept(Xact owner, long level, RowLockMode mode);
    }

    RowHolds with(Xact owner, long level, RowLockMode mode) {
        Hold added = new Hold(owner, level, mode);
        if (Arrays.asList(holds).contains(added)) {
            return this;
        }
        Hold[] more = Arrays.copyOf(holds, holds.length + 1);
        more[holds.length] = added;
        return new RowHolds(more);
    }

    /** Without what that transaction took at {@code level} or at one opened later. */
    RowHolds without(Xact owner, long level) {
        int kept = 0;
        Hold[] fewer = new Hold[holds.length];
        for (Hold hold : holds) {
            if (hold.owner != owner || hold.level < level) {
                fewer[kept++] = hold;
            }
        }
        if (kept == holds.length) {
            return this;
        }
        return kept == 0 ? NONE : new RowHolds(Arrays.copyOf(fewer, kept));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowHolds that && Arrays.equals(holds, that.holds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(holds);
    }
}
