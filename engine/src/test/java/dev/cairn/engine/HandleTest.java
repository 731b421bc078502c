package dev.cairn.engine;

import static dev.cairn.engine.TestTables.put;
import static dev.cairn.engine.TestTables.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.wal.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handles after their end, and misuse: a clear exception, and nothing has happened. */
class HandleTest {

    @TempDir
    Path directory;

    @Test
    void everyHandleThrowsAfterItsEnd() {
        Database db = Database.open(directory);
        TestTables.create(db);
        Transaction tx = db.begin();
        Table table = tx.table("t");
        RowId id = table.insert(Row.of(1L, 1L));
        Savepoint savepoint = tx.savepoint("s");
        Scan scan = table.scan();
        tx.commit();
        tx.close();
        assertThrows(IllegalStateException.class, tx::commit);
        assertThrows(IllegalStateException.class, tx::rollback);
        assertThrows(IllegalStateException.class, () -> tx.savepoint("x"));
        assertThrows(IllegalStateException.class, () -> tx.table("t"));
        assertThrows(IllegalStateException.class, () -> table.insert(Row.of(2L, 2L)));
        assertThrows(IllegalStateException.class, () -> table.get(id));
        assertThrows(IllegalStateException.class, savepoint::release);
        assertThrows(IllegalStateException.class, scan::next);
        assertFalse(savepoint.isOpen());
        scan.close();
        savepoint.close();
        db.close();
        db.close();
        assertThrows(IllegalStateException.class, db::begin);
        assertThrows(IllegalStateException.class, db::checkpoint);
        assertThrows(RuntimeException.class, () -> table.get(id));
    }

    @Test
    void wrongShapesAreRefusedBeforeAnythingHappens() {
        try (Database db = Database.open(directory)) {
            TestTables.create(db);
            try (Transaction tx = db.begin()) {
                Table table = tx.table("t");
                assertThrows(IllegalArgumentException.class, () -> table.insert(Row.of(1L)));
                assertThrows(IllegalArgumentException.class, () -> table.insert(Row.of(1, 1L)));
                assertThrows(IllegalArgumentException.class, () -> tx.savepoint(""));
                assertThrows(IllegalArgumentException.class, () -> tx.savepoint("x".repeat(64)));
                assertThrows(IllegalArgumentException.class, () -> tx.createTable("", TestTables.KV));
                assertEquals(Transaction.State.ACTIVE, tx.state());
                assertNull(table.get(new RowId(-1)));
                assertNull(table.get(new RowId(Long.MAX_VALUE)));
                assertNull(table.get(new RowId(1L << 16)));
                assertFalse(table.delete(new RowId(1L << 16)));
                put(tx, 1, 1);
                tx.commit();
            }
            assertEquals(List.of("1=1"), rows(db));
        }
    }

    @Test
    void aMissingDirectoryIsNotMadeUnlessAskedFor() {
        Path missing = directory.resolve("missing");
        DatabaseOptions existing =
                DatabaseOptions.builder().createIfAbsent(false).build();
        assertThrows(EngineFailedException.class, () -> Database.open(missing, existing));
        assertFalse(Files.exists(missing));
    }

    @Test
    void rowsByIdAreReadReplacedAndDeleted() {
        try (Database db = Database.open(directory)) {
            TestTables.create(db);
            RowId id;
            try (Transaction tx = db.begin()) {
                id = tx.table("t").insert(Row.of(1L, 1L));
                tx.commit(Durability.WRITE);
            }
            try (Transaction tx = db.begin()) {
                Table table = tx.table("t");
                assertEquals(Row.of(1L, 1L), table.get(id));
                tx.savepoint("s");
                assertTrue(table.update(id, Row.of(1L, 2L)));
                assertFalse(table.delete(id));
                tx.rollbackTo("s");
                assertTrue(table.delete(id));
                assertNull(table.get(id));
                tx.commit(Durability.LAZY);
            }
            assertEquals(List.of(), rows(db));
        }
    }

    @Test
    void aTransactionLargerThanAllMemoryCommits() {
        DatabaseOptions small = DatabaseOptions.builder()
                .cacheBytes(256 << 10)
                .walBufferBytes(64 << 10)
                .segmentBytes(1 << 20)
                .checkpointBytes(4 << 20)
                .build();
        byte[] payload = new byte[1000];
        Schema schema = Schema.builder()
                .column("k", ColumnType.BIGINT)
                .column("payload", ColumnType.BYTEA)
                .build();
        int rows = 20_000;
        try (Database db = Database.open(directory, small)) {
            try (Transaction tx = db.begin()) {
                Table table = tx.createTable("big", schema);
                for (long k = 0; k < rows; k++) {
                    long key = k;
                    tx.nestedRun(level -> table.insert(Row.of(key, payload)));
                    if (k % 10 == 0) {
                        tx.savepoint("undone");
                        table.insert(Row.of(-k, payload));
                        tx.rollbackTo("undone");
                        tx.release("undone");
                    }
                }
                tx.commit();
            }
        }
        try (Database db = Database.open(directory, small);
                Transaction tx = db.begin();
                Scan scan = tx.table("big").scan()) {
            long sum = 0;
            while (scan.hasNext()) {
                sum += scan.next().getLong("k");
            }
            assertEquals((long) rows * (rows - 1) / 2, sum);
        }
    }
}
