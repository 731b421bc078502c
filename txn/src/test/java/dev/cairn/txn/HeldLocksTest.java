package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class HeldLocksTest {

    private record Lock(int tableId, LockMode mode) {}

    private static @Nullable LockMode mode(List<Lock> locks, int tableId) {
        for (int i = locks.size() - 1; i >= 0; i--) {
            if (locks.get(i).tableId() == tableId) {
                return locks.get(i).mode();
            }
        }
        return null;
    }

    /** Few tables and many, names among them, which are negative; locks are taken, taken more strongly, and given back. */
    @Property(tries = 200)
    void locksGoInTheOppositeOrderAndThoseOfBeforeCountAgain(
            @ForAll @IntRange(min = 1, max = 300) int tables,
            @ForAll List<@IntRange(min = -1_000_000, max = 1_000_000) Integer> draws,
            @ForAll @IntRange(min = 1, max = 12) int rounds) {
        HeldLocks held = new HeldLocks();
        List<Lock> expected = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int draw : draws) {
                if (draw % 3 == 0 && !expected.isEmpty()) {
                    Lock last = expected.remove(expected.size() - 1);
                    assertEquals(last.tableId(), held.last());
                    assertEquals(mode(expected, last.tableId()), held.undoLast());
                } else {
                    Lock lock = new Lock(
                            (draw + round) % tables, LockMode.values()[Math.floorMod(draw, LockMode.values().length)]);
                    expected.add(lock);
                    held.taken(lock.tableId(), lock.mode());
                }
                assertEquals(expected.size(), held.mark());
            }
            for (int tableId = -tables; tableId <= tables; tableId++) {
                LockMode mode = mode(expected, tableId);
                for (LockMode wanted : LockMode.values()) {
                    assertEquals(mode != null && mode.compareTo(wanted) >= 0, held.covers(tableId, wanted));
                }
            }
        }
    }
}
