package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.heap.RowIds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PageRowLocksTest {

    private static final int SLOTS = 40;
    private static final int LOOKS = 5;

    private final Store store = Store.inline();

    /** Against one map per row of what each transaction holds at each level. */
    @Test
    void aPageForgetsExactlyWhatALevelTook() {
        SplittableRandom random = new SplittableRandom(7);
        Xact[] xacts = {store.begin(), store.begin(), store.begin()};
        PageRowLocks page = new PageRowLocks();
        Map<String, RowLockMode> model = new HashMap<>();
        for (int turn = 0; turn < 20_000; turn++) {
            int who = random.nextInt(xacts.length);
            long level = random.nextInt(4);
            if (random.nextInt(8) > 0) {
                int slot = random.nextInt(SLOTS);
                RowLockMode mode = RowLockMode.values()[random.nextInt(4)];
                page.add(slot, SLOTS, xacts[who], level, mode);
                model.merge(slot + " " + who + " " + level, mode, (a, b) -> a.compareTo(b) > 0 ? a : b);
            } else {
                page.remove(xacts[who], level);
                int gone = who;
                model.keySet().removeIf(key -> key.matches("\\d+ " + gone + " [" + level + "-9]"));
            }
            assertEquals(model.isEmpty(), page.isEmpty());
            int slot = random.nextInt(SLOTS);
            for (int i = 0; i < xacts.length; i++) {
                RowLockMode strongest = null;
                for (int at = 0; at < 4; at++) {
                    RowLockMode mode = model.get(slot + " " + i + " " + at);
                    strongest = mode == null || (strongest != null && strongest.compareTo(mode) > 0) ? strongest : mode;
                }
                assertEquals(strongest, page.holds(slot).modeOf(xacts[i]));
            }
        }
    }

    @Test
    void everyRowOfATableCostsAtMostFourBytes() {
        int pages = 5_000;
        int rows = 199; // of two bigints on a page of 8 KiB
        Xact xact = store.begin();
        long before = usedMemory();
        RowClaim claim = new RowClaim(xact, 2).begin(RowLockMode.UPDATE, RowLockPolicy.WAIT);
        for (int page = 1; page <= pages; page++) {
            for (int slot = 0; slot < rows; slot++) {
                store.system.rowLocks().take(claim, RowIds.of(page, slot), rows);
            }
        }
        double perRow = (double) (usedMemory() - before) / pages / rows;
        assertTrue(perRow <= 4, () -> perRow + " bytes a row");
        assertEquals(RowLockMode.UPDATE, store.system.rowLocks().held(xact, 2, RowIds.of(pages, rows - 1)));
        xact.rollback(null);
        assertNull(store.system.rowLocks().held(xact, 2, RowIds.of(1, 0)));
        assertEquals(0, store.system.rowLocks().lockedPages());
        assertFalse(store.system.rowLocks().isBusy(2, RowIds.of(1, 0)));
    }

    /** Least of several looks: what other threads of the process take just then, a buffer to allocate from at a time, is not meant. */
    private static long usedMemory() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int look = 0; look < LOOKS; look++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
