package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.record.WalRecord;
import org.junit.jupiter.api.Test;

/** Every number that a record may make up, at the last value that is possible and at the first that is not. */
class RecordBoundsTest {

    private static final int PAGE = 512;
    private static final long NEXT_XID = 100;
    private static final int NEXT_FILE = 20;
    private static final long MOST_IDS = 1L << 31;
    private static final int MOST_FILES = 1 << 20;

    private final MemoryDisk disk = new MemoryDisk();
    private RecordBounds bounds = new RecordBounds(disk, PAGE);

    private void check(long xid, WalRecord record) {
        bounds.check(new LoggedRecord(64, 128, xid, record, new IncarnationId(1, 1), null, null), NEXT_XID, NEXT_FILE);
    }

    private void possible(long xid, WalRecord record) {
        assertDoesNotThrow(() -> check(xid, record));
    }

    private void impossible(String what, long found, long xid, WalRecord record) {
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> check(xid, record));
        assertTrue(
                e.getMessage()
                        .startsWith("the log record at 0/40 is intact but makes no sense: expected a possible " + what
                                + ", found " + found + " in a " + record.type() + " of transaction " + xid),
                e.getMessage());
    }

    private static WalRecord insert(int file, int page) {
        return new WalRecord.HeapInsert(file, 1, page, 0, 0, 0, new byte[] {1});
    }

    private static WalRecord begin(long nextXid, int nextFileId) {
        return new WalRecord.CheckpointBegin(nextXid, nextFileId, 0, new long[0], new long[0]);
    }

    @Test
    void aNewIdIsNotFarAboveThoseBefore() {
        WalRecord record = new WalRecord.XactBegin(5, "label");
        possible(3, record);
        possible(NEXT_XID + MOST_IDS - 1, record);
        impossible("transaction id", NEXT_XID + MOST_IDS, NEXT_XID + MOST_IDS, record);
        impossible("transaction id", Long.MAX_VALUE, Long.MAX_VALUE, record);
        impossible("transaction id", -1, -1, record);
    }

    @Test
    void aCheckpointsNextIdsArePossible() {
        possible(0, begin(NEXT_XID + MOST_IDS, 1));
        impossible("transaction id", NEXT_XID + MOST_IDS, 0, begin(NEXT_XID + MOST_IDS + 1, 1));
        impossible("file id", 0, 0, begin(NEXT_XID, 0));
        impossible("file id", -7, 0, begin(NEXT_XID, -7));
    }

    @Test
    void i3_parentsAreSmallerThanTheirChildren() {
        possible(9, new WalRecord.SubxactAssign(8, 8, 1, "s", 0));
        possible(9, new WalRecord.SubxactAssign(8, 1, 1, "s", 0));
        impossible("top-level transaction id", 8, 9, new WalRecord.SubxactAssign(7, 8, 1, "s", 0));
        impossible("top-level transaction id", 0, 9, new WalRecord.SubxactAssign(8, 0, 1, "s", 0));
        impossible("parent", 9, 9, new WalRecord.SubxactAssign(9, 8, 1, "s", 0));
        possible(9, new WalRecord.Subcommit(8, 8));
        impossible("parent", 9, 9, new WalRecord.Subcommit(9, 8));
        impossible("top-level transaction id", 0, 9, new WalRecord.Subcommit(8, 0));
        possible(9, new WalRecord.Subabort(8, null, 0));
        impossible("parent", 9, 9, new WalRecord.Subabort(9, null, 0));
        impossible("top-level transaction id", 0, 9, new WalRecord.Subabort(0, null, 0));
    }

    private static WalRecord[] naming(long... runs) {
        return new WalRecord[] {new WalRecord.CommitChildren(runs), new WalRecord.Commit(0, 0, 0, 0, runs)};
    }

    @Test
    void childrenLieBehindTheirTopInOrderAndAmongTheIdsSoFar() {
        for (WalRecord record : naming(10, 5, 15, 85)) {
            possible(9, record);
        }
        for (WalRecord record : naming(10, 5, 15, 86)) {
            impossible("number of children", 86, 9, record);
        }
        for (WalRecord record : naming(10, 5, 14, 1)) {
            impossible("child", 14, 9, record);
        }
        for (WalRecord record : naming(9, 1)) {
            impossible("child", 9, 9, record);
        }
        for (WalRecord record : naming(99, 1)) {
            possible(9, record);
        }
        for (WalRecord record : naming(100, 1)) {
            impossible("child", 100, 9, record);
        }
        for (WalRecord record : naming(10, 0)) {
            impossible("number of children", 0, 9, record);
        }
        for (WalRecord record : naming(10, Long.MAX_VALUE)) {
            impossible("number of children", Long.MAX_VALUE, 9, record);
        }
        for (WalRecord record : naming(10, 1, 12)) {
            impossible("number of runs", 3, 9, record);
        }
    }

    @Test
    void aFilesIdIsNotFarAboveThoseBefore() {
        possible(3, new WalRecord.FileCreate(NEXT_FILE + MOST_FILES - 1, 1));
        impossible("file id", NEXT_FILE + MOST_FILES, 3, new WalRecord.FileCreate(NEXT_FILE + MOST_FILES, 1));
        impossible("file id", -1, 3, new WalRecord.FileCreate(-1, 1));
    }

    @Test
    void aPageIsNotFarBehindTheEndOfItsFile() {
        possible(3, insert(7, 1023));
        bounds = new RecordBounds(disk, PAGE);
        impossible("page of file 7", 1024, 3, insert(7, 1024));
        impossible("page of file 7", -1, 3, insert(7, -1));
        disk.put(FileTable.fileName(7), new byte[3 * PAGE]);
        bounds = new RecordBounds(disk, PAGE);
        impossible("page of file 7", 1027, 3, insert(7, 1027));
        possible(3, insert(7, 1026));
        assertEquals(0, disk.openFiles());
    }

    /** Each page that the log names may be followed by more; a page named again takes nothing back. */
    @Test
    void filesGrowAsTheLogGoesOn() {
        possible(3, insert(7, 1000));
        possible(3, insert(7, 5));
        impossible("page of file 7", 2025, 3, insert(7, 2025));
        possible(3, insert(7, 2024));
        possible(3, insert(7, 3048));
        impossible("page of file 8", 1024, 3, insert(8, 1024));
    }
}
