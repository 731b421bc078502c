package dev.cairn.engine;

import dev.cairn.recovery.FileReferees;
import dev.cairn.recovery.FileReferees.Claim;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.Snapshot;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.txn.Xact;
import dev.cairn.txn.heap.Heap;
import dev.cairn.txn.heap.HeapChange;
import dev.cairn.txn.heap.HeapContext;
import dev.cairn.txn.heap.HeapScan;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which tables there are: heap file 1, read with the latest snapshot as PostgreSQL reads its catalogs, plus a cache of what is
 * committed.
 *
 * <p>The cache is good for one version. A transaction that changed the catalog raises the version when it ends, and while
 * such a transaction is ending nobody uses the cache; a transaction reads its own changes past the cache. Thread-safe.
 */
final class Catalog {

    /** A table and where its row stands in the catalog. */
    record Entry(TableInfo table, long rowId, long xmin) {}

    private record Cached(long version, Map<String, Entry> tables) {}

    private final TransactionSystem transactions;
    private final HeapContext heaps;
    private final Heap rows;
    private final Map<Integer, Heap> open = new ConcurrentHashMap<>();
    private final AtomicInteger ending = new AtomicInteger();
    private volatile long version;
    private volatile Cached cached = new Cached(-1, Map.of());

    Catalog(TransactionSystem transactions, HeapContext heaps) {
        this.transactions = transactions;
        this.heaps = heaps;
        this.rows = new Heap(heaps, CatalogRows.FILE_ID, CatalogRows.TABLE_ID, true);
    }

    /** The heap of a table; one object for all transactions. */
    Heap heap(TableInfo table) {
        return open.computeIfAbsent(table.fileId(), id -> new Heap(heaps, id, table.tableId(), false));
    }

    /** A table's file is gone. */
    void forget(int fileId) {
        open.remove(fileId);
    }

    /** Changes with every transaction that changed the catalog; -1 while one is ending. */
    long version() {
        long before = version;
        return ending.get() > 0 ? -1 : before;
    }

    /** The tables by name, as this transaction sees them now. */
    Map<String, Entry> tables(Xact xact, boolean hasOwnChanges) {
        long now = version();
        Cached known = cached;
        if (!hasOwnChanges && now >= 0 && known.version == now) {
            return known.tables;
        }
        Map<String, Entry> tables = read(xact);
        if (!hasOwnChanges && now >= 0 && version() == now) {
            cached = new Cached(now, tables);
        }
        return tables;
    }

    @Nullable Entry find(Xact xact, boolean hasOwnChanges, String name) {
        return tables(xact, hasOwnChanges).get(name);
    }

    private Map<String, Entry> read(Xact xact) {
        Map<String, Entry> tables = new HashMap<>();
        Snapshot latest = new Snapshot(transactions.publishLsn(), xact.currentCommand());
        try (HeapScan scan = rows.scan(xact, latest)) {
            while (scan.next()) {
                TableInfo table = CatalogRows.decode(scan.data());
                tables.put(table.name(), new Entry(table, scan.rowId(), scan.xmin()));
            }
        }
        return tables;
    }

    /** The committed tables, by name. */
    List<StoredTable> committed() {
        Xact reader = transactions.begin(IsolationLevel.READ_COMMITTED, "");
        try {
            return read(reader).values().stream()
                    .map(Entry::table)
                    .map(table -> new StoredTable(table.tableId(), table.name(), table.fileId(), table.schema()))
                    .sorted(Comparator.comparing(StoredTable::name))
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
                claims.put(CatalogRows.decode(scan.data()).fileId(), Claim.DROPPED);
            }
            read(reader).values().forEach(entry -> claims.put(entry.table().fileId(), Claim.WANTED));
        } finally {
            reader.rollback(null);
        }
        return fileId -> claims.getOrDefault(fileId, Claim.UNNAMED);
    }

    void insert(Xact xact, TableInfo table) {
        rows.insert(xact, CatalogRows.encode(table));
    }

    /** The caller holds the table's schema lock, so nobody else can have changed the row. */
    void delete(Xact xact, Entry entry) {
        HeapChange change = rows.delete(xact, entry.rowId(), entry.xmin());
        if (change.kind() != HeapChange.Kind.DONE) {
            throw new IllegalStateException(
                    "the catalog's row of \"" + entry.table().name() + "\" was changed under a lock");
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
