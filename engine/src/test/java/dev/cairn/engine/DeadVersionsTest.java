package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.wal.Durability;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Versions that nobody can see do not pile up in the way of readers until their page is full. */
class DeadVersionsTest {

    private static final KeyRange KEY = KeyRange.prefix("counters_pkey", 1L);

    private final Database db = Database.open(
            new MemoryDisk(), DatabaseOptions.builder().segmentBytes(1 << 20).build(), Environment.system());

    private void commit(Consumer<Transaction> body) {
        try (Transaction tx = db.begin()) {
            body.accept(tx);
            tx.commit(Durability.LAZY);
        }
    }

    private void create() {
        commit(tx -> tx.createTable(
                        "counters",
                        Schema.builder()
                                .column("id", ColumnType.BIGINT)
                                .column("value", ColumnType.BIGINT)
                                .primaryKey("id")
                                .build())
                .insert(Row.of(1L, 0L)));
    }

    private void add(int times, Consumer<Transaction> change) {
        for (int i = 0; i < times; i++) {
            commit(change);
        }
    }

    private static Row more(Row row) {
        return row.with("value", row.getLong("value") + 1);
    }

    private static void byKey(Transaction tx) {
        assertEquals(1, tx.table("counters").update(KEY, row -> true, DeadVersionsTest::more, row -> {}));
    }

    private static void byScan(Transaction tx) {
        assertEquals(1, tx.table("counters").update(row -> true, DeadVersionsTest::more));
    }

    private long versions() {
        AtomicLong count = new AtomicLong();
        StoredPages stored = db.storedPages();
        stored.tables().stream()
                .filter(table -> table.name().equals("counters"))
                .forEach(table -> stored.versions(table, version -> count.incrementAndGet()));
        return count.get();
    }

    /** A page of 8 KiB holds about two hundred of them. */
    @Test
    void ofARowThatIsFoundByItsKey() {
        create();
        for (int round = 0; round < 40; round++) {
            add(25, DeadVersionsTest::byKey);
            assertTrue(versions() <= 20, () -> versions() + " versions of one row");
        }
        commit(tx -> assertEquals(1000L, tx.table("counters").get(1L).getLong("value")));
    }

    @Test
    void ofARowThatIsFoundByAScan() {
        create();
        for (int round = 0; round < 40; round++) {
            add(25, DeadVersionsTest::byScan);
            assertTrue(versions() <= 20, () -> versions() + " versions of one row");
        }
        commit(tx -> assertEquals(1000L, tx.table("counters").get(1L).getLong("value")));
    }

    /** They are removed once nobody needs them, from pages, too, on which nobody writes any more. */
    @Test
    void thatAnOldSnapshotKept() {
        create();
        try (Transaction old = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ))) {
            assertEquals(0L, old.table("counters").get(1L).getLong("value"));
            add(1000, DeadVersionsTest::byKey);
            assertEquals(0L, old.table("counters").get(1L).getLong("value"));
            assertTrue(versions() > 1000, () -> versions() + " versions, one of which was seen by the oldest");
        }
        add(50, DeadVersionsTest::byKey);
        assertTrue(versions() <= 40, () -> versions() + " versions of one row");
        commit(tx -> tx.table("counters").verifyIndexes());
    }
}
