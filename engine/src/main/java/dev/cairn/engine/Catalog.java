package dev.cairn.engine;

import dev.cairn.recovery.FileReferees;
import dev.cairn.recovery.FileReferees.Claim;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeContext;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapChange;
import dev.cairn.txn.heap.HeapContext;
import dev.cairn.txn.heap.HeapScan;
import dev.cairn.txn.heap.HeapVersion;
import dev.cairn.txn.overflow.Overflow;
import dev.cairn.txn.overflow.OverflowContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Which tables and indexes there are: heap file 1, read with the latest snapshot as PostgreSQL reads its catalogs, plus a cache of what is
 * committed.
 *
 * <p>The cache is good for one version. A transaction that changed the catalog raises the version when it ends, and while
 * such a transaction is ending nobody uses the cache; a transaction reads its own changes past the cache. Thread-safe.
 */
final class Catalog {

    /** A table and where its row stands in the catalog. */
    record Entry(TableInfo table, long rowId, long xmin) {}

    /** An index and where its row stands in the catalog. */
    record IndexEntry(IndexInfo index, long rowId, long xmin) {}

    /** What one transaction sees. */
    record Contents(Map<String, Entry> tables, Map<String, IndexEntry> indexes) {
        static final Contents NONE = new Contents(Map.of(), Map.of());
    }

    private record Cached(long version, Contents contents) {}

    private final TransactionSystem transactions;
    private final HeapContext heaps;
    private final BTreeContext trees;
    private final OverflowContext large;
    private final IntPredicate isBlank;
    private final Scheduler scheduler;
    private final Heap rows;
    private final Map<Integer, TableStore> open = new ConcurrentHashMap<>();
    private final AtomicInteger ending = new AtomicInteger();
    private volatile long version;
    private volatile Cached cached = new Cached(-1, Contents.NONE);

    /** @param isBlank whether a crash has left the file of that id without its header */
    Catalog(
            TransactionSystem transactions,
            HeapContext heaps,
            BTreeContext trees,
            OverflowContext large,
            IntPredicate isBlank,
            Scheduler scheduler) {
        this.large = large;
        this.isBlank = isBlank;
        this.transactions = transactions;
        this.heaps = heaps;
        this.trees = trees;
        this.scheduler = scheduler;
        this.rows = new Heap(heaps, CatalogRows.FILE_ID, CatalogRows.TABLE_ID, true);
    }

    /** The heap and the trees of a table; one object for all transactions, which already know the table's indexes. */
    TableStore store(TableInfo table) {
        TableStore present = open.get(table.fileId());
        return present != null ? present : open.computeIfAbsent(table.fileId(), id -> openStore(table));
    }

    private TableStore openStore(TableInfo table) {
        Heap heap = new Heap(heaps, table.fileId(), table.tableId(), false);
        int overflowFileId = table.overflowFileId();
        Overflow overflow = overflowFileId == 0
                ? null
                : new Overflow(large, overflowFileId, table.tableId(), isBlank.test(overflowFileId));
        LargeValues rows = new LargeValues(heap.maxRowBytes(), overflow);
        TableStore store = new TableStore(heap, rows, scheduler.newMutex());
        table.indexes().forEach(info -> store.attach(info, tree(info)));
        return store;
    }

    private BTree tree(IndexInfo info) {
        return new BTree(trees, info.fileId());
    }

    /** A new index, whose file has its header: makes the tree, which its table's store does not know yet. */
    BTree createTree(IndexInfo info) {
        BTree tree = tree(info);
        tree.create();
        return tree;
    }

    /** A file is about to go, of a table or of an index: nobody can want it any more. */
    void forget(int fileId) {
        open.remove(fileId);
        open.values().forEach(store -> store.detach(fileId));
    }

    /** Changes with every transaction that changed the catalog; -1 while one is ending. */
    long version() {
        long before = version;
        return ending.get() > 0 ? -1 : before;
    }

    /** Tables and indexes by name, as this transaction sees them now. */
    Contents contents(Xact xact, boolean hasOwnChanges) {
        long now = version();
        Cached known = cached;
        if (!hasOwnChanges && now >= 0 && known.version == now) {
            return known.contents;
        }
        Contents contents = read(xact);
        if (!hasOwnChanges && now >= 0 && version() == now) {
            cached = new Cached(now, contents);
        }
        return contents;
    }

    private Contents read(Xact xact) {
        Map<Integer, List<IndexEntry>> byTable = new HashMap<>();
        Map<TableInfo, HeapVersion> found = new LinkedHashMap<>();
        List<HeapVersion> indexRows = new ArrayList<>();
        Snapshot latest = new Snapshot(transactions.publishLsn(), xact.currentCommand());
        try (HeapScan scan = rows.scan(xact, latest)) {
            while (scan.next()) {
                HeapVersion version = new HeapVersion(scan.rowId(), scan.xmin(), scan.data());
                if (CatalogRows.isIndex(version.data())) {
                    indexRows.add(version);
                } else {
                    found.put(CatalogRows.decodeTable(version.data()), version);
                }
            }
        }
        Map<Integer, Schema> schemas = new HashMap<>();
        found.keySet().forEach(table -> schemas.put(table.tableId(), table.schema()));
        Map<String, IndexEntry> indexes = new TreeMap<>();
        for (HeapVersion version : indexRows) {
            IndexInfo info = CatalogRows.decodeIndex(version.data(), schemas);
            IndexEntry entry = new IndexEntry(info, version.rowId(), version.xmin());
            indexes.put(info.index().name(), entry);
        }
        indexes.values()
                .forEach(entry -> byTable.computeIfAbsent(entry.index().tableId(), id -> new ArrayList<>())
                        .add(entry));
        Map<String, Entry> tables = new HashMap<>();
        found.forEach((table, version) -> {
            List<IndexInfo> own = byTable.getOrDefault(table.tableId(), List.of()).stream()
                    .map(IndexEntry::index)
                    .toList();
            TableInfo whole = new TableInfo(
                    table.tableId(), table.name(), table.fileId(), table.overflowFileId(), table.schema(), own);
            tables.put(table.name(), new Entry(whole, version.rowId(), version.xmin()));
        });
        return new Contents(tables, indexes);
    }

    /** The committed tables, by name. */
    List<StoredTable> committed() {
        Xact reader = transactions.begin(IsolationLevel.READ_COMMITTED, "");
        try {
            return read(reader).tables().values().stream()
                    .map(Entry::table)
                    .map(StoredTable::of)
                    .sorted(Comparator.comparing(StoredTable::name))
                    .toList();
        } finally {
            reader.rollback(null);
        }
    }

    /** The committed indexes, by name. */
    List<IndexInfo> committedIndexes() {
        Xact reader = transactions.begin(IsolationLevel.READ_COMMITTED, "");
        try {
            return read(reader).indexes().values().stream()
                    .map(IndexEntry::index)
                    .toList();
        } finally {
            reader.rollback(null);
        }
    }

    /** Who wants which file, as committed: for the time between recovery and the first transaction. */
    FileReferees referees() {
        Map<Integer, Claim> claims = new HashMap<>();
        claims.put(CatalogRows.FILE_ID, Claim.WANTED);
        Xact reader = transactions.begin(IsolationLevel.READ_COMMITTED, "");
        try (HeapScan scan = rows.history()) {
            while (scan.next()) {
                claim(claims, StoredTable.ofCatalogRow(scan.data()), Claim.DROPPED);
            }
            Contents contents = read(reader);
            contents.tables().values().forEach(entry -> claim(claims, StoredTable.of(entry.table()), Claim.WANTED));
            contents.indexes()
                    .values()
                    .forEach(entry -> claims.put(entry.index().fileId(), Claim.WANTED));
        } finally {
            reader.rollback(null);
        }
        return fileId -> claims.getOrDefault(fileId, Claim.UNNAMED);
    }

    /**
     * The greatest file id that was ever committed to a table or an index. The log need not have it: a file for large values has its
     * id before it is made.
     */
    int greatestFileId() {
        int greatest = CatalogRows.FILE_ID;
        try (HeapScan scan = rows.history()) {
            while (scan.next()) {
                StoredTable table = StoredTable.ofCatalogRow(scan.data());
                greatest = Math.max(greatest, Math.max(table.fileId(), table.overflowFileId()));
            }
        }
        return greatest;
    }

    private static void claim(Map<Integer, Claim> claims, StoredTable table, Claim claim) {
        claims.put(table.fileId(), claim);
        if (table.overflowFileId() != 0) {
            claims.put(table.overflowFileId(), claim);
        }
    }

    void insert(Xact xact, TableInfo table) {
        insert(xact, CatalogRows.encode(table));
    }

    void insert(Xact xact, IndexInfo index) {
        insert(xact, CatalogRows.encode(index));
    }

    private void insert(Xact xact, byte[] row) {
        rows.writer(xact).insert(row, row.length);
    }

    /** The caller holds the table's schema lock, so nobody else can have changed the row. */
    void delete(Xact xact, Entry entry) {
        delete(xact, entry.rowId(), entry.xmin(), entry.table().name());
    }

    /** As for a table: under the schema lock of the index's table. */
    void delete(Xact xact, IndexEntry entry) {
        delete(xact, entry.rowId(), entry.xmin(), entry.index().index().name());
    }

    private void delete(Xact xact, long rowId, long xmin, String name) {
        if (rows.writer(xact).delete(rowId, xmin) != HeapChange.Kind.DONE) {
            throw new IllegalStateException("the catalog's row of \"" + name + "\" was changed under a lock");
        }
    }

    /** A transaction that changed the catalog begins to end: until {@link #endChange} nobody trusts the cache. */
    void beginChange() {
        ending.incrementAndGet();
    }

    void endChange() {
        synchronized (this) {
            version++;
        }
        ending.decrementAndGet();
    }
}
