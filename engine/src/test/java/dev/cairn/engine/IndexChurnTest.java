package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Indexes whose entries die all the time do not grow for it. */
class IndexChurnTest {

    private static final int ROWS = 200;
    private static final int ROUNDS = 1_000;

    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("at", ColumnType.BIGINT)
            .column("note", ColumnType.TEXT)
            .primaryKey("id")
            .build();

    private final Database db = Database.open(
            new MemoryDisk(),
            DatabaseOptions.builder().pageSize(1024).segmentBytes(1 << 20).build(),
            Environment.system());

    private void commit(Consumer<Transaction> body) {
        try (Transaction tx = db.begin()) {
            body.accept(tx);
            tx.commit(Durability.LAZY);
        }
    }

    private int pages(String index) {
        StoredPages stored = db.storedPages();
        return stored.indexes().stream()
                .filter(found -> found.index().name().equals(index))
                .mapToInt(found -> stored.usedPages(found.fileId()))
                .sum();
    }

    private int heapPages() {
        StoredPages stored = db.storedPages();
        return stored.tables().stream()
                .mapToInt(table -> stored.usedPages(table.fileId()))
                .sum();
    }

    private void fill() {
        commit(tx -> {
            Table table = tx.createTable("t", SCHEMA);
            tx.createIndex("t", Index.of("by_at", false, "at"));
            for (long id = 0; id < ROWS; id++) {
                table.insert(Row.of(id, id, "note"));
            }
        });
    }

    private void update(int round, int parts) {
        commit(tx -> tx.table("t")
                .update(
                        row -> (row.getLong("id") + round) % parts == 0,
                        row -> row.with("at", row.getLong("id") + round * 7919L % 1000)));
    }

    @Test
    void someRowsAtATime() {
        fill();
        int index = pages("by_at");
        int key = pages("t_pkey");
        int heap = heapPages();
        for (int round = 1; round <= ROUNDS; round++) {
            update(round, 10);
        }
        assertTrue(pages("by_at") <= 2 * index, () -> "pages: " + pages("by_at") + " after " + index);
        assertTrue(pages("t_pkey") <= 2 * key, () -> "pages: " + pages("t_pkey") + " after " + key);
        assertTrue(heapPages() <= 2 * heap, () -> "pages: " + heapPages() + " after " + heap);
        commit(tx -> tx.table("t").verifyIndexes());
    }

    /** Each transaction needs room for all rows once more, and the pages are half full then. */
    @Test
    void allRowsAtOnce() {
        fill();
        for (int round = 1; round <= 5; round++) {
            update(round, 1);
        }
        int index = pages("by_at");
        int heap = heapPages();
        for (int round = 6; round <= ROUNDS; round++) {
            update(round, 1);
        }
        assertTrue(pages("by_at") <= 1.5 * index, () -> "pages: " + pages("by_at") + " after " + index);
        assertTrue(heapPages() <= 1.5 * heap, () -> "pages: " + heapPages() + " after " + heap);
        commit(tx -> tx.table("t").verifyIndexes());
    }

    @Test
    void whatAnOldSnapshotKeptIsUsedAgainOnceItIsGone() {
        fill();
        try (Transaction old = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ))) {
            assertEquals(ROWS, TestTables.rows(old).size());
            for (int round = 1; round <= 100; round++) {
                update(round, 10);
            }
            assertEquals(ROWS, TestTables.rows(old).size());
        }
        int index = pages("by_at");
        int heap = heapPages();
        for (int round = 101; round <= ROUNDS; round++) {
            update(round, 10);
        }
        assertTrue(pages("by_at") <= 1.2 * index, () -> "pages: " + pages("by_at") + " after " + index);
        assertTrue(heapPages() <= 1.2 * heap, () -> "pages: " + heapPages() + " after " + heap);
        commit(tx -> tx.table("t").verifyIndexes());
    }

    @Test
    void rowsThatWereRolledBackMakeRoom() {
        fill();
        for (int round = 0; round < 3; round++) {
            for (int turn = 0; turn < 20; turn++) {
                try (Transaction tx = db.begin()) {
                    for (long id = 1000; id < 1200; id++) {
                        tx.table("t").insert(Row.of(id, id, "note"));
                    }
                }
            }
        }
        assertTrue(heapPages() < 100, () -> "pages: " + heapPages());
        assertTrue(pages("by_at") < 50, () -> "pages: " + pages("by_at"));
        commit(tx -> tx.table("t").verifyIndexes());
    }

    /** An entry of zeros takes more than its row, so that the index's page is full before the heap's is. */
    @Test
    void deadEntriesMakeRoomBeforeAPageIsSplit() {
        commit(tx -> {
            Table table = tx.createTable(
                    "wide",
                    Schema.builder()
                            .column("id", ColumnType.BIGINT)
                            .column("key", ColumnType.BYTEA)
                            .build());
            tx.createIndex("wide", Index.of("by_key", false, "key"));
            table.insert(Row.of(1L, new byte[60]));
        });
        int index = pages("by_key");
        for (int round = 1; round <= 8; round++) {
            byte[] key = new byte[60];
            key[round] = 1;
            commit(tx -> tx.table("wide").update(row -> true, row -> row.with("key", key)));
        }
        assertEquals(index, pages("by_key"));
        commit(tx -> tx.table("wide").verifyIndexes());
    }
}
