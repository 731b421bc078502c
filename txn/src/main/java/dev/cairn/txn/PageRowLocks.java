package dev.cairn.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The locked and awaited rows of one page. A row costs two bytes, which say which of the page's few distinct {@link
 * RowHolds} it has; only a row that somebody waits for has an object of its own. Guarded by the {@link WaitGraph}'s monitor.
 */
final class PageRowLocks {

    /** By slot: an index into {@code kinds}, 0 for a row that nobody holds. */
    private char[] states = new char[0];
    /** Index 0 is never used by a row. */
    private RowHolds[] kinds = {RowHolds.NONE};
    /** How many rows have each. */
    private int[] counts = {0};

    private @Nullable Map<Integer, List<RowPlace>> queues;

    RowHolds holds(int slot) {
        return slot < states.length ? kinds[states[slot]] : RowHolds.NONE;
    }

    /** Whether nobody holds or awaits a row of this page. */
    boolean isEmpty() {
        return queues == null && Arrays.stream(counts).allMatch(count -> count == 0);
    }

    boolean isBusy(int slot) {
        return !holds(slot).isEmpty() || !places(slot).isEmpty();
    }

    /** Whether a row of this page is held by that very level of the transaction. */
    boolean hasLevel(Xact xact, long level) {
        for (int i = 1; i < kinds.length; i++) {
            if (counts[i] > 0 && kinds[i].hasLevel(xact, level)) {
                return true;
            }
        }
        return false;
    }

    /** {@code slots} is how many slots the page has or a little more: room is made for them at once. */
    void add(int slot, int slots, Xact xact, long level, RowLockMode mode) {
        if (slot >= states.length) {
            states = Arrays.copyOf(states, Math.max(slot + 1, slots));
        }
        int former = states[slot];
        int kind = kindWith(former, xact, level, mode);
        if (kind != former) {
            if (former != 0) {
                counts[former]--;
            }
            counts[kind]++;
            states[slot] = (char) kind;
        }
    }

    /** The index of what {@code former} becomes; the usual case, one holder of many rows, allocates nothing. */
    private int kindWith(int former, Xact xact, long level, RowLockMode mode) {
        RowHolds next = kinds[former].with(xact, level, mode);
        return next.equals(kinds[former]) ? former : indexOf(next);
    }

    private int indexOf(RowHolds kind) {
        int spare = 0;
        for (int i = 1; i < kinds.length; i++) {
            if (counts[i] == 0) {
                spare = i;
            } else if (kinds[i].equals(kind)) {
                return i;
            }
        }
        if (spare == 0) {
            spare = kinds.length;
            kinds = Arrays.copyOf(kinds, spare + 1);
            counts = Arrays.copyOf(counts, spare + 1);
        }
        kinds[spare] = kind;
        return spare;
    }

    /** Takes away what that transaction took at {@code level} or at one opened later. O(rows of the page). */
    void remove(Xact xact, long level) {
        int known = kinds.length;
        @Nullable RowHolds[] next = new RowHolds[known];
        boolean changed = false;
        for (int i = 1; i < known; i++) {
            if (counts[i] > 0 && kinds[i].holdsFrom(xact, level)) {
                next[i] = kinds[i].without(xact, level);
                changed = true;
            }
        }
        if (!changed) {
            return;
        }
        for (int slot = 0; slot < states.length; slot++) {
            int former = states[slot];
            RowHolds fewer = former < known ? next[former] : null;
            if (fewer != null) {
                moveTo(slot, former, fewer);
            }
        }
        for (int i = 1; i < kinds.length; i++) {
            if (counts[i] == 0) {
                kinds[i] = RowHolds.NONE;
            }
        }
    }

    private void moveTo(int slot, int former, RowHolds next) {
        int kind = next.isEmpty() ? 0 : indexOf(next);
        if (kind != 0) {
            counts[kind]++;
        }
        counts[former]--;
        states[slot] = (char) kind;
    }

    /** Those who wait for the row or are just being served, oldest first. */
    List<RowPlace> places(int slot) {
        List<RowPlace> queue = queues == null ? null : queues.get(slot);
        return queue == null ? List.of() : queue;
    }

    /** In the order of the tickets. */
    void enter(RowPlace place) {
        Map<Integer, List<RowPlace>> all = queues;
        if (all == null) {
            all = new HashMap<>(2);
            queues = all;
        }
        List<RowPlace> queue = all.computeIfAbsent(place.slot(), slot -> new ArrayList<>(2));
        int at = queue.size();
        while (at > 0 && queue.get(at - 1).ticket() > place.ticket()) {
            at--;
        }
        queue.add(at, place);
    }

    void leave(RowPlace place) {
        Map<Integer, List<RowPlace>> all = queues;
        List<RowPlace> queue = all == null ? null : all.get(place.slot());
        if (all == null || queue == null || !queue.remove(place)) {
            throw new IllegalStateException("not in the queue of slot " + place.slot());
        }
        if (queue.isEmpty()) {
            all.remove(place.slot());
            if (all.isEmpty()) {
                queues = null;
            }
        }
    }

    /** Lets go those of the row's queue who need not wait any longer. */
    void settle(int slot, List<Xact> woken) {
        for (RowPlace place : places(slot)) {
            place.settle(woken);
        }
    }

    /** As {@link #settle(int, List)}, for every row. */
    void settleAll(List<Xact> woken) {
        if (queues != null) {
            for (List<RowPlace> queue : queues.values()) {
                for (RowPlace place : queue) {
                    place.settle(woken);
                }
            }
        }
    }
}
