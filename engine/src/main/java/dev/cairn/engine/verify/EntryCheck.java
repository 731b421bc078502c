package dev.cairn.engine.verify;

import dev.cairn.engine.StoredIndex;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.btree.KeyBytes;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.txn.btree.BTreeVerifier;
import dev.cairn.txn.heap.HotChains;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index and its table, page by page sound already: the tree as a whole; then both ways that every entry leads to a version
 * that has its key, and every row has its entry; and that no two rows have a key that must be unique. Keeps a bit for each
 * slot of the table. Goes on after a wrong entry, not after a wrong tree. One index, one thread.
 */
final class EntryCheck {

    private static final int CHUNK_BITS = 1 << 20;

    private final StoredIndex index;
    private final FileCheck.Context context;
    private final TransactionStatus status;
    private final CheckedPages heap;
    private final String treeName;
    private final String heapName;
    private final int slotsOfAPage;
    /** The versions to which an entry leads. */
    private final Map<Long, BitSet> found = new HashMap<>();

    private byte @Nullable [] liveKey;

    private EntryCheck(
            StoredIndex index,
            FileCheck.Context context,
            TransactionStatus status,
            CheckedPages tree,
            CheckedPages heap) {
        this.index = index;
        this.context = context;
        this.status = status;
        this.heap = heap;
        this.treeName = FileTable.fileName(tree.fileId());
        this.heapName = FileTable.fileName(heap.fileId());
        this.slotsOfAPage = context.pageSize() / (HeapPage.LINE_POINTER_BYTES + TupleHeader.BYTES) + 1;
    }

    /** @param heapFileId the table's file */
    static void run(StoredIndex index, int heapFileId, FileCheck.Context context, TransactionStatus status) {
        try (CheckedPages tree = new CheckedPages(context, index.fileId());
                CheckedPages heap = new CheckedPages(context, heapFileId)) {
            EntryCheck check = new EntryCheck(index, context, status, tree, heap);
            BTreeVerifier.run(tree, check::entry);
            check.rows();
        } catch (CorruptPageException e) {
            context.listener()
                    .found(Finding.onPage(
                            FileTable.fileName(e.fileId()), e.pageNo(), quoted(index) + ": " + e.getMessage()));
        } catch (CorruptionException e) {
            context.listener()
                    .found(Finding.inFile(FileTable.fileName(index.fileId()), String.valueOf(e.getMessage())));
        }
    }

    private void entry(int pageNo, int slot, byte[] key) {
        if (key.length < KeyCodec.ROW_ID_BYTES) {
            foundAt(pageNo, slot, "expected an entry with a row's id, found " + key.length + " bytes");
            return;
        }
        long rowId = KeyCodec.rowIdOf(key);
        int heapPage = RowIds.page(rowId);
        int heapSlot = RowIds.slot(rowId);
        if (heapPage < 1 || heapPage >= heap.usedPages()) {
            foundAt(
                    pageNo,
                    slot,
                    "expected an entry that leads to pages 1 to " + (heap.usedPages() - 1) + ", found one" + " to "
                            + RowIds.format(rowId));
            return;
        }
        PageBuffer page = heapPage(heapPage);
        HotChains chains = new HotChains(page);
        int[] members = chains.isRoot(heapSlot) ? chains.members(heapSlot) : new int[0];
        boolean hasKey = index.rechecks();
        for (int member : members) {
            byte[] data = HeapPage.data(page, member);
            if (index.hasEntry(data) && Arrays.equals(index.entry(data, rowId), key)) {
                hasKey = true;
                mark(heapPage, member);
                if (index.index().unique() && VersionCheck.isLive(status, page, member) && !index.hasNull(data)) {
                    live(pageNo, slot, key);
                }
            }
        }
        if (!hasKey) {
            String fault = members.length == 0 ? ", where there is no row version" : ", which has another key";
            foundAt(pageNo, slot, "its entry leads to " + RowIds.format(rowId) + fault);
        }
    }

    private void live(int pageNo, int slot, byte[] entry) {
        byte[] key = Arrays.copyOf(entry, entry.length - KeyCodec.ROW_ID_BYTES);
        if (liveKey != null && KeyBytes.compare(liveKey, key) == 0) {
            foundAt(pageNo, slot, "its entry's key must be unique, and another row has the same");
        }
        liveKey = key;
    }

    private void rows() {
        for (int pageNo = 1; pageNo < heap.usedPages(); pageNo++) {
            PageBuffer page = heapPage(pageNo);
            for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
                if (HeapPage.isUsed(page, slot) && VersionCheck.isLive(status, page, slot) && !isMarked(pageNo, slot)) {
                    context.listener()
                            .found(Finding.ofVersion(
                                    heapName, pageNo, slot, quoted(index) + " has no entry that leads to the row"));
                }
            }
        }
    }

    private PageBuffer heapPage(int pageNo) {
        PageBuffer page = heap.page(pageNo);
        if (PageHeader.kind(page) != PageKind.HEAP) {
            throw new CorruptPageException(heap.fileId(), pageNo, "expected a page of rows");
        }
        return page;
    }

    private long bit(int pageNo, int slot) {
        return (long) pageNo * slotsOfAPage + slot;
    }

    private void mark(int pageNo, int slot) {
        long bit = bit(pageNo, slot);
        found.computeIfAbsent(bit / CHUNK_BITS, chunk -> new BitSet()).set((int) (bit % CHUNK_BITS));
    }

    private boolean isMarked(int pageNo, int slot) {
        long bit = bit(pageNo, slot);
        BitSet chunk = found.get(bit / CHUNK_BITS);
        return chunk != null && chunk.get((int) (bit % CHUNK_BITS));
    }

    private void foundAt(int pageNo, int slot, String text) {
        context.listener().found(Finding.ofVersion(treeName, pageNo, slot, quoted(index) + ": " + text));
    }

    private static String quoted(StoredIndex index) {
        return "index \"" + index.index().name() + "\"";
    }
}
