package dev.cairn.wal.record;

import dev.cairn.storage.overflow.OverflowPage;
import org.jspecify.annotations.Nullable;

/**
 * What a log record says, apart from its transaction id and position. One Java record per type. A record that changes
 * pages names them through {@link #pageCount}, {@link #fileId} and {@link #pageNo}; the log adds full-page images to them.
 */
public sealed interface WalRecord {

    WalRecordType type();

    /** How many pages the record changes: 0, 1 or 2. */
    default int pageCount() {
        return 0;
    }

    /** The file whose pages the record changes; 0 if it changes none. */
    default int fileId() {
        return 0;
    }

    /** The number of the i-th page changed, 0 &lt;= i &lt; {@link #pageCount}. */
    default int pageNo(int i) {
        throw new IndexOutOfBoundsException(type() + " changes " + pageCount() + " pages, asked for number " + i);
    }

    /** Whether the record initialises its i-th page, so that redo needs nothing of what is there. */
    default boolean initialises(int i) {
        return false;
    }

    /** A record that changes the one page it names. */
    sealed interface OnePage extends WalRecord {

        int page();

        @Override
        default int pageCount() {
            return 1;
        }

        @Override
        default int pageNo(int i) {
            return page();
        }
    }

    /** Fills a segment's rest so that no record spans two. */
    record SegmentEnd() implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.SEGMENT_END;
        }
    }

    /** Announces an incarnation; this record itself is still seeded with the one before. */
    record Incarnation(long counter, long salt, long timeMicros) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.INCARNATION;
        }
    }

    record DurableMark(long durableLsn) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.DURABLE_MARK;
        }
    }

    /**
     * The record's start is the redo point. {@code activeXids[i]} is a top-level transaction open at that point, {@code
     * activeFirstLsns[i]} the start of its first record.
     */
    record CheckpointBegin(long nextXid, int nextFileId, long timeMicros, long[] activeXids, long[] activeFirstLsns)
            implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.CHECKPOINT_BEGIN;
        }
    }

    record CheckpointEnd(long redoPoint, long timeMicros) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.CHECKPOINT_END;
        }
    }

    /** Makes the file and its header page (page 0). {@code tableId} is the table it belongs to. */
    record FileCreate(int fileId, int tableId) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.FILE_CREATE;
        }

        @Override
        public int pageCount() {
            return 1;
        }

        @Override
        public int pageNo(int i) {
            return 0;
        }

        @Override
        public boolean initialises(int i) {
            return true;
        }
    }

    /**
     * Page {@code newPage} becomes an empty heap page and the header page's used mark becomes {@code newPage + 1}. Page 0 of
     * the record is the new page, page 1 the header page.
     */
    record FileExtend(int fileId, int newPage, long xidBase) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.FILE_EXTEND;
        }

        @Override
        public int pageCount() {
            return 2;
        }

        @Override
        public int pageNo(int i) {
            return i == 0 ? newPage : 0;
        }

        @Override
        public boolean initialises(int i) {
            return i == 0;
        }
    }

    /** Written, and made durable, before the file is unlinked. */
    record FileDrop(int fileId) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.FILE_DROP;
        }
    }

    /** The image itself travels with the page reference. */
    record PageImage(int fileId, int page) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.PAGE_IMAGE;
        }
    }

    /** {@code data} is the row as the heap stores it, without the tuple header. */
    record HeapInsert(int fileId, int tableId, int page, int slot, int command, int flags, byte[] data)
            implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.HEAP_INSERT;
        }
    }

    /**
     * The old version gets xmax, its command field and flags become {@code oldCommand} and {@code oldFlags}, its forward
     * pointer the new version. Page 0 of the record is the new version's; there is a page 1, the old version's, if they
     * differ.
     */
    record HeapUpdate(
            int fileId,
            int tableId,
            int oldPage,
            int oldSlot,
            int oldCommand,
            int oldFlags,
            int newPage,
            int newSlot,
            int newCommand,
            int newFlags,
            byte[] data,
            boolean hot)
            implements WalRecord {
        @Override
        public WalRecordType type() {
            return hot ? WalRecordType.HEAP_HOT_UPDATE : WalRecordType.HEAP_UPDATE;
        }

        @Override
        public int pageCount() {
            return oldPage == newPage ? 1 : 2;
        }

        @Override
        public int pageNo(int i) {
            return i == 0 ? newPage : oldPage;
        }
    }

    /** The version gets xmax; its command field and flags become those given; its forward pointer becomes itself. */
    record HeapDelete(int fileId, int tableId, int page, int slot, int command, int flags) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.HEAP_DELETE;
        }
    }

    /**
     * Removes versions; no deleter of them committed after {@code newestRemovedCommit}. {@code redirects} are pairs: a slot
     * whose version is removed too, and the one to which it leads from now on.
     */
    record HeapPrune(int fileId, int page, int[] slots, int[] redirects, long newestRemovedCommit) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.HEAP_PRUNE;
        }
    }

    /** Sets the frozen flag, keeping xmin's bytes; none of them was committed after {@code newestFrozenCommit}. */
    record HeapFreeze(int fileId, int page, int[] slots, long newestFrozenCommit) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.HEAP_FREEZE;
        }
    }

    /** As {@link FileExtend}, for an overflow file: page 0 of the record is the new page, page 1 the header page. */
    record OverflowExtend(int fileId, int newPage) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.OVERFLOW_EXTEND;
        }

        @Override
        public int pageCount() {
            return 2;
        }

        @Override
        public int pageNo(int i) {
            return i == 0 ? newPage : 0;
        }

        @Override
        public boolean initialises(int i) {
            return i == 0;
        }
    }

    /** The frame's xid is the value's creator. Holds all that the page gets, so that there is never an image of it beside. */
    record OverflowWrite(int fileId, int page, OverflowPage.Chunk chunk) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.OVERFLOW_WRITE;
        }

        @Override
        public boolean initialises(int i) {
            return true;
        }
    }

    /** The frame's xid is the deleter; the page is the first one of the value. */
    record OverflowDelete(int fileId, int page) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.OVERFLOW_DELETE;
        }
    }

    record OverflowFree(int fileId, int page) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.OVERFLOW_FREE;
        }

        @Override
        public boolean initialises(int i) {
            return true;
        }
    }

    /** As {@link FileExtend}, for an index: page 0 of the record is the new page, page 1 the header page. */
    record IndexExtend(int fileId, int newPage) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_EXTEND;
        }

        @Override
        public int pageCount() {
            return 2;
        }

        @Override
        public int pageNo(int i) {
            return i == 0 ? newPage : 0;
        }

        @Override
        public boolean initialises(int i) {
            return i == 0;
        }
    }

    /** {@code key} is the whole entry, the row id at its end included. */
    record IndexInsert(int fileId, int page, int slot, byte[] key) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_INSERT;
        }
    }

    /** {@code slots} ascend. */
    record IndexDelete(int fileId, int page, int[] slots) implements OnePage {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_DELETE;
        }
    }

    /** A change of two pages of an index. */
    sealed interface TwoPages extends WalRecord {

        int first();

        int second();

        @Override
        default int pageCount() {
            return 2;
        }

        @Override
        default int pageNo(int i) {
            return i == 0 ? first() : second();
        }
    }

    /**
     * Page {@code right} is made of the entries of page {@code left} from {@code at} on; it always travels as an image, since
     * it begins with pageLsn 0. {@code separator} is where its range begins.
     */
    record IndexSplit(int fileId, int right, int left, int at, byte[] separator) implements TwoPages {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_SPLIT;
        }

        @Override
        public int first() {
            return right;
        }

        @Override
        public int second() {
            return left;
        }
    }

    /** {@code parent} gets the entry {@code separator}, which leads to {@code child}, at {@code slot}. */
    record IndexDownlink(int fileId, int parent, int child, int slot, byte[] separator) implements TwoPages {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_DOWNLINK;
        }

        @Override
        public int first() {
            return parent;
        }

        @Override
        public int second() {
            return child;
        }
    }

    /** {@code moved} gets all that the root held, always as an image; the root, now of {@code level}, leads to it. */
    record IndexRoot(int fileId, int moved, int root, int level) implements TwoPages {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_ROOT;
        }

        @Override
        public int first() {
            return moved;
        }

        @Override
        public int second() {
            return root;
        }

        @Override
        public boolean initialises(int i) {
            return i == 1;
        }
    }

    /** {@code parent} loses the entry at {@code slot}, which led to {@code child}. */
    record IndexUnlink(int fileId, int parent, int child, int slot) implements TwoPages {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_UNLINK;
        }

        @Override
        public int first() {
            return parent;
        }

        @Override
        public int second() {
            return child;
        }
    }

    /** {@code page} gets the high fence and the right neighbour ({@code next}, 0 for none) of {@code freed}. */
    record IndexAbsorb(int fileId, int page, int freed, int next, byte[] high) implements TwoPages {
        @Override
        public WalRecordType type() {
            return WalRecordType.INDEX_ABSORB;
        }

        @Override
        public int first() {
            return page;
        }

        @Override
        public int second() {
            return freed;
        }
    }

    /** {@code label} is the session's, as the application set it; empty if it did not. */
    record XactBegin(long timeMicros, String label) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.XACT_BEGIN;
        }
    }

    /** The frame's xid is the child. {@code level} counts from 1 for the first savepoint; {@code name} has at most 63 bytes. */
    record SubxactAssign(long parent, long top, int level, String name, long timeMicros) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.SUBXACT_ASSIGN;
        }
    }

    /** The frame's xid is the child. */
    record Subcommit(long parent, long top) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.SUBCOMMIT;
        }
    }

    /**
     * The frame's xid is the root of the branch: it and every id of its transaction above it are aborted. {@code sqlState}
     * is null after ROLLBACK TO, else the error that undid the level.
     */
    record Subabort(long top, @Nullable String sqlState, long timeMicros) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.SUBABORT;
        }
    }

    /** Committed sub-transactions as runs: {@code [first, length, first, length, ...]}, ascending. Only COMMIT decides. */
    record CommitChildren(long[] runs) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.COMMIT_CHILDREN;
        }
    }

    /**
     * The frame's xid is the top-level transaction; the record's end is its commit LSN. {@code firstLsn} is the start of the
     * transaction's first record, {@code runs} as in {@link CommitChildren}.
     */
    record Commit(long timeMicros, long firstLsn, int origin, long schemaVersion, long[] runs) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.COMMIT;
        }
    }

    /** {@code sqlState} is null after ROLLBACK, else the error that undid the transaction. */
    record Abort(long timeMicros, @Nullable String sqlState) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.ABORT;
        }
    }

    /** For inspection and later replication: what DDL did, in words of SQL. Redo ignores it; the catalog is a table. */
    record CatalogChange(int tableId, int changedFileId, String statement) implements WalRecord {
        @Override
        public WalRecordType type() {
            return WalRecordType.CATALOG_CHANGE;
        }
    }
}
