package dev.cairn.wal.record;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowPage.Chunk;
import dev.cairn.wal.record.WalRecord.Abort;
import dev.cairn.wal.record.WalRecord.CatalogChange;
import dev.cairn.wal.record.WalRecord.CheckpointBegin;
import dev.cairn.wal.record.WalRecord.CheckpointEnd;
import dev.cairn.wal.record.WalRecord.Commit;
import dev.cairn.wal.record.WalRecord.CommitChildren;
import dev.cairn.wal.record.WalRecord.DurableMark;
import dev.cairn.wal.record.WalRecord.FileCreate;
import dev.cairn.wal.record.WalRecord.FileDrop;
import dev.cairn.wal.record.WalRecord.FileExtend;
import dev.cairn.wal.record.WalRecord.HeapDelete;
import dev.cairn.wal.record.WalRecord.HeapFreeze;
import dev.cairn.wal.record.WalRecord.HeapInsert;
import dev.cairn.wal.record.WalRecord.HeapPrune;
import dev.cairn.wal.record.WalRecord.HeapUpdate;
import dev.cairn.wal.record.WalRecord.Incarnation;
import dev.cairn.wal.record.WalRecord.IndexAbsorb;
import dev.cairn.wal.record.WalRecord.IndexDelete;
import dev.cairn.wal.record.WalRecord.IndexDownlink;
import dev.cairn.wal.record.WalRecord.IndexExtend;
import dev.cairn.wal.record.WalRecord.IndexInsert;
import dev.cairn.wal.record.WalRecord.IndexRoot;
import dev.cairn.wal.record.WalRecord.IndexSplit;
import dev.cairn.wal.record.WalRecord.IndexUnlink;
import dev.cairn.wal.record.WalRecord.OverflowDelete;
import dev.cairn.wal.record.WalRecord.OverflowExtend;
import dev.cairn.wal.record.WalRecord.OverflowFree;
import dev.cairn.wal.record.WalRecord.OverflowWrite;
import dev.cairn.wal.record.WalRecord.PageImage;
import dev.cairn.wal.record.WalRecord.Subabort;
import dev.cairn.wal.record.WalRecord.Subcommit;
import dev.cairn.wal.record.WalRecord.SubxactAssign;
import dev.cairn.wal.record.WalRecord.XactBegin;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of log records as bytes, as {@link WalLayouts} declares them. Stateless.
 *
 * <p>What is encoded can be decoded: values that have no place in their field are refused before anything is logged.
 */
public final class WalCodec {

    private static final int SQLSTATE_LENGTH = 5;

    private WalCodec() {}

    /**
     * Appends the record's body.
     *
     * @throws IllegalArgumentException if a value does not fit in its field; what was appended so far is worthless then
     */
    public static RecordOutput encode(WalRecord record, RecordOutput out) {
        return switch (record.type()) {
            case SEGMENT_END -> out;
            case INCARNATION -> incarnation((Incarnation) record, out);
            case DURABLE_MARK -> durableMark(out, ((DurableMark) record).durableLsn());
            case CHECKPOINT_BEGIN -> checkpointBegin((CheckpointBegin) record, out);
            case CHECKPOINT_END -> checkpointEnd((CheckpointEnd) record, out);
            case FILE_CREATE -> fileCreate((FileCreate) record, out);
            case FILE_EXTEND -> fileExtend((FileExtend) record, out);
            case FILE_DROP -> out.u31(((FileDrop) record).fileId());
            case PAGE_IMAGE -> out.u31(record.fileId()).u31(record.pageNo(0));
            case HEAP_INSERT -> heapInsert((HeapInsert) record, out);
            case HEAP_UPDATE, HEAP_HOT_UPDATE -> heapUpdate((HeapUpdate) record, out);
            case HEAP_DELETE -> heapDelete((HeapDelete) record, out);
            case HEAP_PRUNE -> heapPrune((HeapPrune) record, out);
            case HEAP_FREEZE -> heapFreeze((HeapFreeze) record, out);
            case OVERFLOW_EXTEND, OVERFLOW_DELETE, OVERFLOW_FREE ->
                out.u31(record.fileId()).u31(record.pageNo(0));
            case OVERFLOW_WRITE -> overflowWrite((OverflowWrite) record, out);
            case INDEX_EXTEND -> out.u31(record.fileId()).u31(record.pageNo(0));
            case INDEX_INSERT -> indexInsert((IndexInsert) record, out);
            case INDEX_DELETE -> out.u31(record.fileId()).u31(record.pageNo(0)).shorts(((IndexDelete) record).slots());
            case INDEX_SPLIT -> indexSplit((IndexSplit) record, out);
            case INDEX_DOWNLINK -> indexDownlink((IndexDownlink) record, out);
            case INDEX_ROOT -> twoPages(record, out).u16(((IndexRoot) record).level());
            case INDEX_UNLINK -> twoPages(record, out).u16(((IndexUnlink) record).slot());
            case INDEX_ABSORB -> indexAbsorb((IndexAbsorb) record, out);
            case XACT_BEGIN -> xactBegin((XactBegin) record, out);
            case SUBXACT_ASSIGN -> subxactAssign((SubxactAssign) record, out);
            case SUBCOMMIT -> subcommit((Subcommit) record, out);
            case SUBABORT -> subabort((Subabort) record, out);
            case COMMIT_CHILDREN -> out.longs(requireRuns(((CommitChildren) record).runs()));
            case COMMIT -> commit((Commit) record, out);
            case ABORT -> abort((Abort) record, out);
            case CATALOG_CHANGE -> catalogChange((CatalogChange) record, out);
        };
    }

    /**
     * Reads a body, which must fill the input's rest.
     *
     * @throws CorruptionException if the bytes are not a body of that type
     */
    public static WalRecord decode(WalRecordType type, RecordInput in) {
        WalRecord record = switch (type) {
            case SEGMENT_END -> new WalRecord.SegmentEnd();
            case INCARNATION -> new Incarnation(in.i64(), in.i64(), in.i64());
            case DURABLE_MARK -> new DurableMark(in.i64());
            case CHECKPOINT_BEGIN -> checkpointBegin(in);
            case CHECKPOINT_END -> new CheckpointEnd(in.i64(), in.i64());
            case FILE_CREATE -> new FileCreate(in.u31(), in.u31());
            case FILE_EXTEND -> new FileExtend(in.u31(), in.u31(), in.i64());
            case FILE_DROP -> new FileDrop(in.u31());
            case PAGE_IMAGE -> new PageImage(in.u31(), in.u31());
            case HEAP_INSERT ->
                new HeapInsert(in.u31(), in.u31(), in.u31(), in.u16(), in.i32(), in.u16(), in.bytes16());
            case HEAP_UPDATE -> heapUpdate(in, false);
            case HEAP_HOT_UPDATE -> heapUpdate(in, true);
            case HEAP_DELETE -> new HeapDelete(in.u31(), in.u31(), in.u31(), in.u16(), in.i32(), in.u16());
            case HEAP_PRUNE -> new HeapPrune(in.u31(), in.u31(), in.shorts(), in.shorts(), in.i64());
            case HEAP_FREEZE -> new HeapFreeze(in.u31(), in.u31(), in.shorts(), in.i64());
            case OVERFLOW_EXTEND -> new OverflowExtend(in.u31(), in.u31());
            case OVERFLOW_WRITE -> overflowWrite(in);
            case OVERFLOW_DELETE -> new OverflowDelete(in.u31(), in.u31());
            case OVERFLOW_FREE -> new OverflowFree(in.u31(), in.u31());
            case INDEX_EXTEND -> new IndexExtend(in.u31(), in.u31());
            case INDEX_INSERT -> new IndexInsert(in.u31(), in.u31(), in.u16(), in.bytes16());
            case INDEX_DELETE -> new IndexDelete(in.u31(), in.u31(), in.shorts());
            case INDEX_SPLIT -> new IndexSplit(in.u31(), in.u31(), in.u31(), in.u16(), in.bytes16());
            case INDEX_DOWNLINK -> new IndexDownlink(in.u31(), in.u31(), in.u31(), in.u16(), in.bytes16());
            case INDEX_ROOT -> new IndexRoot(in.u31(), in.u31(), in.u31(), in.u16());
            case INDEX_UNLINK -> new IndexUnlink(in.u31(), in.u31(), in.u31(), in.u16());
            case INDEX_ABSORB -> new IndexAbsorb(in.u31(), in.u31(), in.u31(), in.u31(), in.bytes16());
            case XACT_BEGIN -> new XactBegin(in.i64(), in.text16());
            case SUBXACT_ASSIGN -> new SubxactAssign(in.i64(), in.i64(), in.u31(), in.text8(), in.i64());
            case SUBCOMMIT -> new Subcommit(in.i64(), in.i64());
            case SUBABORT -> new Subabort(in.i64(), sqlState(in), in.i64());
            case COMMIT_CHILDREN -> new CommitChildren(runs(in));
            case COMMIT -> new Commit(in.i64(), in.i64(), in.i32(), in.i64(), runs(in));
            case ABORT -> new Abort(in.i64(), sqlState(in));
            case CATALOG_CHANGE -> new CatalogChange(in.u31(), in.u31(), in.text32());
        };
        in.requireEnd();
        return record;
    }

    private static RecordOutput incarnation(Incarnation r, RecordOutput out) {
        return out.i64(r.counter()).i64(r.salt()).i64(r.timeMicros());
    }

    /** Appends the body of a {@link DurableMark}. */
    public static RecordOutput durableMark(RecordOutput out, long durableLsn) {
        return out.i64(durableLsn);
    }

    private static RecordOutput checkpointBegin(CheckpointBegin r, RecordOutput out) {
        if (r.activeXids().length != r.activeFirstLsns().length) {
            throw new IllegalArgumentException(
                    r.activeXids().length + " active transactions, " + r.activeFirstLsns().length + " first LSNs");
        }
        return out.i64(r.nextXid())
                .u31(r.nextFileId())
                .i64(r.timeMicros())
                .longs(r.activeXids())
                .longs(r.activeFirstLsns());
    }

    private static CheckpointBegin checkpointBegin(RecordInput in) {
        CheckpointBegin r = new CheckpointBegin(in.i64(), in.u31(), in.i64(), in.longs(), in.longs());
        if (r.activeXids().length != r.activeFirstLsns().length) {
            throw new CorruptionException("expected as many first LSNs as active transactions (" + r.activeXids().length
                    + "), found " + r.activeFirstLsns().length);
        }
        return r;
    }

    private static RecordOutput checkpointEnd(CheckpointEnd r, RecordOutput out) {
        return out.i64(r.redoPoint()).i64(r.timeMicros());
    }

    private static RecordOutput fileCreate(FileCreate r, RecordOutput out) {
        return out.u31(r.fileId()).u31(r.tableId());
    }

    private static RecordOutput fileExtend(FileExtend r, RecordOutput out) {
        return out.u31(r.fileId()).u31(r.newPage()).i64(r.xidBase());
    }

    private static RecordOutput heapInsert(HeapInsert r, RecordOutput out) {
        return heapInsert(
                out, r.fileId(), r.tableId(), r.page(), r.slot(), r.command(), r.flags(), r.data(), r.data().length);
    }

    /** Appends the body of a {@link HeapInsert}. */
    public static RecordOutput heapInsert(
            RecordOutput out,
            int fileId,
            int tableId,
            int page,
            int slot,
            int command,
            int flags,
            byte[] data,
            int length) {
        return version(out.u31(fileId).u31(tableId), page, slot, command, flags).bytes16(data, length);
    }

    private static RecordOutput version(RecordOutput out, int page, int slot, int command, int flags) {
        return out.u31(page).u16(slot).i32(command).u16(flags);
    }

    private static RecordOutput heapUpdate(HeapUpdate r, RecordOutput out) {
        heapUpdateOld(out, r.fileId(), r.tableId(), r.oldPage(), r.oldSlot(), r.oldCommand(), r.oldFlags());
        return heapUpdateNew(out, r.newPage(), r.newSlot(), r.newCommand(), r.newFlags(), r.data(), r.data().length);
    }

    /** Appends the first half of a {@link HeapUpdate}'s body: the version that is replaced. */
    public static RecordOutput heapUpdateOld(
            RecordOutput out, int fileId, int tableId, int page, int slot, int command, int flags) {
        return version(out.u31(fileId).u31(tableId), page, slot, command, flags);
    }

    /** Appends the second half of a {@link HeapUpdate}'s body: the new version. */
    public static RecordOutput heapUpdateNew(
            RecordOutput out, int page, int slot, int command, int flags, byte[] data, int length) {
        return version(out, page, slot, command, flags).bytes16(data, length);
    }

    private static HeapUpdate heapUpdate(RecordInput in, boolean hot) {
        return new HeapUpdate(
                in.u31(),
                in.u31(),
                in.u31(),
                in.u16(),
                in.i32(),
                in.u16(),
                in.u31(),
                in.u16(),
                in.i32(),
                in.u16(),
                in.bytes16(),
                hot);
    }

    private static RecordOutput heapDelete(HeapDelete r, RecordOutput out) {
        return heapDelete(out, r.fileId(), r.tableId(), r.page(), r.slot(), r.command(), r.flags());
    }

    /** Appends the body of a {@link HeapDelete}. */
    public static RecordOutput heapDelete(
            RecordOutput out, int fileId, int tableId, int page, int slot, int command, int flags) {
        return version(out.u31(fileId).u31(tableId), page, slot, command, flags);
    }

    private static RecordOutput heapPrune(HeapPrune r, RecordOutput out) {
        return out.u31(r.fileId())
                .u31(r.page())
                .shorts(r.slots())
                .shorts(r.redirects())
                .i64(r.newestRemovedCommit());
    }

    private static RecordOutput heapFreeze(HeapFreeze r, RecordOutput out) {
        return out.u31(r.fileId()).u31(r.page()).shorts(r.slots()).i64(r.newestFrozenCommit());
    }

    private static RecordOutput overflowWrite(OverflowWrite r, RecordOutput out) {
        Chunk chunk = r.chunk();
        return out.u31(r.fileId())
                .u31(r.page())
                .i32(chunk.value())
                .u31(chunk.index())
                .u31(chunk.next())
                .u31(chunk.length())
                .u31(chunk.stored())
                .u8(chunk.form())
                .bytes16(chunk.data());
    }

    private static OverflowWrite overflowWrite(RecordInput in) {
        return new OverflowWrite(
                in.u31(), in.u31(), new Chunk(in.i32(), in.u31(), in.u31(), in.u31(), in.u31(), in.u8(), in.bytes16()));
    }

    private static RecordOutput indexInsert(IndexInsert r, RecordOutput out) {
        return indexInsert(out, r.fileId(), r.page(), r.slot(), r.key());
    }

    /** Appends the body of an {@link IndexInsert}. */
    public static RecordOutput indexInsert(RecordOutput out, int fileId, int page, int slot, byte[] key) {
        return out.u31(fileId).u31(page).u16(slot).bytes16(key);
    }

    private static RecordOutput twoPages(WalRecord r, RecordOutput out) {
        return out.u31(r.fileId()).u31(r.pageNo(0)).u31(r.pageNo(1));
    }

    private static RecordOutput indexSplit(IndexSplit r, RecordOutput out) {
        return twoPages(r, out).u16(r.at()).bytes16(r.separator());
    }

    private static RecordOutput indexDownlink(IndexDownlink r, RecordOutput out) {
        return twoPages(r, out).u16(r.slot()).bytes16(r.separator());
    }

    private static RecordOutput indexAbsorb(IndexAbsorb r, RecordOutput out) {
        return twoPages(r, out).u31(r.next()).bytes16(r.high());
    }

    private static RecordOutput xactBegin(XactBegin r, RecordOutput out) {
        return xactBegin(out, r.timeMicros(), r.label());
    }

    /** Appends the body of an {@link XactBegin}. */
    public static RecordOutput xactBegin(RecordOutput out, long timeMicros, String label) {
        return out.i64(timeMicros).text16(label);
    }

    private static RecordOutput subxactAssign(SubxactAssign r, RecordOutput out) {
        return subxactAssign(out, r.parent(), r.top(), r.level(), r.name(), r.timeMicros());
    }

    /** Appends the body of a {@link SubxactAssign}. */
    public static RecordOutput subxactAssign(
            RecordOutput out, long parent, long top, int level, String name, long timeMicros) {
        return out.i64(parent).i64(top).u31(level).text8(name).i64(timeMicros);
    }

    private static RecordOutput subcommit(Subcommit r, RecordOutput out) {
        return subcommit(out, r.parent(), r.top());
    }

    /** Appends the body of a {@link Subcommit}. */
    public static RecordOutput subcommit(RecordOutput out, long parent, long top) {
        return out.i64(parent).i64(top);
    }

    private static RecordOutput subabort(Subabort r, RecordOutput out) {
        return subabort(out, r.top(), r.sqlState(), r.timeMicros());
    }

    /** Appends the body of a {@link Subabort}. */
    public static RecordOutput subabort(RecordOutput out, long top, @Nullable String sqlState, long timeMicros) {
        return sqlState(sqlState, out.i64(top)).i64(timeMicros);
    }

    private static RecordOutput commit(Commit r, RecordOutput out) {
        long[] runs = requireRuns(r.runs());
        return commit(out, r.timeMicros(), r.firstLsn(), r.origin(), r.schemaVersion(), runs, 0, runs.length);
    }

    /** Appends the body of a {@link Commit}, whose runs stand in an array from {@code from} to {@code to}, exclusive. */
    public static RecordOutput commit(
            RecordOutput out,
            long timeMicros,
            long firstLsn,
            int origin,
            long schemaVersion,
            long[] runs,
            int from,
            int to) {
        return out.i64(timeMicros).i64(firstLsn).i32(origin).i64(schemaVersion).longs(runs, from, to);
    }

    private static RecordOutput abort(Abort r, RecordOutput out) {
        return sqlState(r.sqlState(), out.i64(r.timeMicros()));
    }

    private static RecordOutput catalogChange(CatalogChange r, RecordOutput out) {
        return out.u31(r.tableId()).u31(r.changedFileId()).text32(r.statement());
    }

    private static RecordOutput sqlState(@Nullable String sqlState, RecordOutput out) {
        if (sqlState == null) {
            return out.u8(0);
        }
        if (sqlState.length() != SQLSTATE_LENGTH) {
            throw new IllegalArgumentException("an SQLSTATE has 5 characters, not \"" + sqlState + "\"");
        }
        return out.text8(sqlState);
    }

    private static @Nullable String sqlState(RecordInput in) {
        String text = in.text8();
        if (!text.isEmpty() && text.length() != SQLSTATE_LENGTH) {
            throw new CorruptionException("expected an SQLSTATE or nothing, found " + text.length() + " characters");
        }
        return text.isEmpty() ? null : text;
    }

    private static long[] requireRuns(long[] runs) {
        if (runs.length % 2 != 0) {
            throw new IllegalArgumentException("runs come in pairs, there are " + runs.length + " numbers");
        }
        return runs;
    }

    private static long[] runs(RecordInput in) {
        long[] runs = in.longs();
        if (runs.length % 2 != 0) {
            throw new CorruptionException("expected runs as pairs, found " + runs.length + " numbers");
        }
        return runs;
    }
}
