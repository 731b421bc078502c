package dev.cairn.engine.salvage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.engine.salvage.Fates.Fate;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import org.junit.jupiter.api.Test;

class FatesTest {

    private final Fates fates = new Fates(null);

    private void note(long xid, WalRecord record) {
        fates.note(new LoggedRecord(64, 128, xid, record, new IncarnationId(1, 1), null, null));
    }

    private static WalRecord commit(long... runs) {
        return new WalRecord.Commit(1, 64, 0, 1, runs);
    }

    @Test
    void aCommitTellsOfItsChildrenWhereverTheyAreNamed() {
        note(14, new WalRecord.Subabort(10, null, 1));
        note(10, new WalRecord.CommitChildren(new long[] {11, 2}));
        note(10, commit(15, 3, 30, 1));
        note(20, new WalRecord.CommitChildren(new long[] {21, 1}));
        note(40, new WalRecord.Abort(1, null));
        for (long xid : new long[] {10, 11, 12, 15, 17, 30}) {
            assertEquals(Fate.COMMITTED, fates.of(xid), "transaction " + xid);
        }
        for (long xid : new long[] {14, 40}) {
            assertEquals(Fate.ABORTED, fates.of(xid), "transaction " + xid);
        }
        for (long xid : new long[] {9, 13, 18, 20, 21, 29, 31}) {
            assertEquals(Fate.UNKNOWN, fates.of(xid), "transaction " + xid);
        }
        assertEquals(7, fates.unknown());
    }

    /** A commit record whose checksum holds and whose length lies took all memory. */
    @Test
    void aLengthThatLiesTakesNoMemory() {
        note(10, commit(11, 1L << 46, 12, -5));
        assertEquals(Fate.COMMITTED, fates.of(11));
        assertEquals(Fate.UNKNOWN, fates.of(10 - 1));
    }
}
