package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StatusBitsProperties {

    @Property(tries = 200)
    void bitsAreWhatWasSet(
            @ForAll @IntRange(max = 5000) int first,
            @ForAll @IntRange(min = 1, max = 3000) int length,
            @ForAll boolean commit) {
        StatusBits bits = new StatusBits();
        int state = commit ? StatusBits.COMMITTED : StatusBits.ABORTED;
        bits.set(first, length, state);
        for (int xid = 0; xid < 9000; xid++) {
            assertEquals(xid >= first && xid < first + length ? state : 0, bits.get(xid), "id " + xid);
        }
    }

    /** Ids come from pages, so they may be anything. */
    @Property(tries = 500)
    void idsThatNobodyHasHadHaveNoBits(@ForAll long xid) {
        StatusBits bits = new StatusBits();
        bits.set(3, 2, StatusBits.COMMITTED);
        assertEquals(xid == 3 || xid == 4 ? StatusBits.COMMITTED : 0, bits.get(xid), "id " + xid);
    }
}
