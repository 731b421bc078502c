package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.txn.btree.BTreeVerifier;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapScan;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges an index against its heap, both ways, while nobody changes either: every entry leads to a version that has its key,
 * and every version that somebody may see has its entry. Keeps all entries in memory.
 */
final class IndexCheck {

    private final IndexInfo info;
    private final TableStore store;
    private final Set<ByteBuffer> entries = new HashSet<>();

    private IndexCheck(IndexInfo info, TableStore store) {
        this.info = info;
        this.store = store;
    }

    /** @throws CorruptionException naming the index and what is wrong with it */
    static void run(IndexInfo info, TableStore store) {
        new IndexCheck(info, store).run();
    }

    private void run() {
        BTreeVerifier.run(store.tree(info), key -> entries.add(ByteBuffer.wrap(key)));
        Heap heap = store.heap();
        try (HeapScan scan = heap.possible()) {
            while (scan.next()) {
                if (scan.rootRowId() < 0) {
                    throw corrupt("cannot lead to the row at " + RowIds.format(scan.rowId())
                            + ", which is no other version's successor");
                }
                byte[] entry = entryOf(scan);
                if (entry == null || !entries.contains(ByteBuffer.wrap(entry))) {
                    throw corrupt("has no entry for the row at " + RowIds.format(scan.rowId()));
                }
            }
        }
        try (HeapScan scan = heap.all()) {
            while (scan.next()) {
                byte[] entry = entryOf(scan);
                if (entry != null) {
                    entries.remove(ByteBuffer.wrap(entry));
                }
            }
        }
        if (!entries.isEmpty() && !info.rechecks()) {
            byte[] stray = entries.iterator().next().array();
            throw corrupt("has " + entries.size() + " entries without a row, one of them leads to "
                    + RowIds.format(KeyCodec.rowIdOf(stray)));
        }
    }

    /** Null for a version with a value that no key can have. */
    private byte @Nullable [] entryOf(HeapScan scan) {
        @Nullable Object[] row = RowCodec.decode(info.schema(), scan.data());
        return info.largeBytes(row) >= 0 ? null : info.entry(info.key(row), scan.rootRowId());
    }

    private CorruptionException corrupt(String fault) {
        return new CorruptionException("index \"" + info.index().name() + "\" " + fault);
    }
}
