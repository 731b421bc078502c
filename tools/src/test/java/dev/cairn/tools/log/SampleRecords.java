package dev.cairn.tools.log;

import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.wal.record.WalRecord;
import java.util.List;

/** One record of each type. */
public final class SampleRecords {

    private static final long TIME = 1_700_000_000_123_456L;

    private SampleRecords() {}

    public static List<WalRecord> all() {
        return List.of(
                new WalRecord.SegmentEnd(),
                new WalRecord.Incarnation(3, 0xABCDL, TIME),
                new WalRecord.DurableMark(0x1_0000_1000L),
                new WalRecord.CheckpointBegin(100, 7, TIME, new long[] {42, 57}, new long[] {0x1000, 0x2000}),
                new WalRecord.CheckpointEnd(0x1000, TIME),
                new WalRecord.FileCreate(5, 4),
                new WalRecord.FileExtend(5, 9, 40),
                new WalRecord.FileDrop(5),
                new WalRecord.PageImage(5, 9),
                new WalRecord.HeapInsert(5, 4, 9, 3, 0, 0, new byte[] {1, 2, (byte) 0xFF}),
                new WalRecord.HeapUpdate(5, 4, 9, 3, 1, 4, 10, 0, 1, 0, new byte[] {7}, false),
                new WalRecord.HeapUpdate(5, 4, 9, 3, 1, 20, 9, 4, 1, 32, new byte[] {7}, true),
                new WalRecord.HeapDelete(5, 4, 9, 3, 2, 0),
                new WalRecord.HeapPrune(5, 9, new int[] {1, 2}, new int[] {3, 4}, 0x3000),
                new WalRecord.HeapFreeze(5, 9, new int[] {0}, 0x3000),
                new WalRecord.OverflowExtend(4, 9),
                new WalRecord.OverflowWrite(
                        4, 9, new OverflowPage.Chunk(2, 0, 8, 9000, 5000, OverflowPage.BLOCKS, new byte[4000])),
                new WalRecord.OverflowWrite(4, 8, new OverflowPage.Chunk(2, 1, 0, 0, 0, 0, new byte[1000])),
                new WalRecord.OverflowDelete(4, 9),
                new WalRecord.OverflowFree(4, 8),
                new WalRecord.IndexExtend(6, 9),
                new WalRecord.IndexInsert(6, 9, 3, new byte[] {1, (byte) 0xFF}),
                new WalRecord.IndexDelete(6, 9, new int[] {1, 2}),
                new WalRecord.IndexSplit(6, 10, 9, 4, new byte[] {1}),
                new WalRecord.IndexDownlink(6, 2, 10, 1, new byte[] {1}),
                new WalRecord.IndexRoot(6, 3, 1, 2),
                new WalRecord.IndexUnlink(6, 2, 10, 1),
                new WalRecord.IndexAbsorb(6, 9, 10, 11, new byte[] {2}),
                new WalRecord.XactBegin(TIME, "import"),
                new WalRecord.SubxactAssign(57, 57, 1, "a", TIME),
                new WalRecord.Subcommit(57, 57),
                new WalRecord.Subabort(57, "23502", TIME),
                new WalRecord.CommitChildren(new long[] {58, 1, 60, 4}),
                new WalRecord.Commit(TIME, 0x1000, 0, 2, new long[] {58, 3}),
                new WalRecord.Abort(TIME, null),
                new WalRecord.CatalogChange(4, 5, "CREATE TABLE t (id bigint)"));
    }
}
