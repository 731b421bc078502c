package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.verify.DirectoryCheck;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules and keys that a table gets later, and loses. */
class TableAlterationTest {

    private static final Schema.Key KEY = new Schema.Key(null, true, List.of("k"));

    private final MemoryDisk disk = new MemoryDisk();
    private Database db = Database.open(disk, DatabaseOptions.DEFAULT, Environment.system());

    @BeforeEach
    void fill() {
        TestTables.create(db);
        commit(tx -> {
            tx.createIndex("t", Index.of("by_v", false, "v"));
            tx.createIndex("t", Index.of("by_both", false, "v", "k"));
            for (long k = 0; k < 50; k++) {
                TestTables.put(tx, k, k % 7);
            }
        });
    }

    @AfterEach
    void check() {
        commit(tx -> tx.table("t").verifyIndexes());
        MemoryDisk crashed = disk.crashKeepingAll();
        List<String> findings = new ArrayList<>();
        DirectoryCheck.run(crashed, Environment.system(), finding -> {
            if (finding.error()) {
                findings.add(finding.toString());
            }
        });
        assertEquals(List.of(), findings);
        db.close();
    }

    private void reopen() {
        db.close();
        db = Database.open(disk, DatabaseOptions.DEFAULT, Environment.system());
    }

    private void commit(Consumer<Transaction> body) {
        try (Transaction tx = db.begin()) {
            body.accept(tx);
            tx.commit();
        }
    }

    private static void notNull(Transaction tx, String column, boolean notNull) {
        tx.alterTable("t").setRules(schema -> schema.withNotNull(column, notNull), row -> {});
    }

    private static List<Long> keysWith(Transaction tx, String index, long v) {
        List<Long> keys = new ArrayList<>();
        try (Scan scan = tx.table("t").scan(KeyRange.prefix(index, v), row -> true)) {
            scan.forEachRemaining(row -> keys.add(row.getLong("k")));
        }
        keys.sort(null);
        return keys;
    }

    @Test
    void indexesOutliveWhatTheirColumnsMayHold() {
        List<Integer> files = indexFiles();
        commit(tx -> notNull(tx, "v", true));
        assertEquals(files, indexFiles());
        for (int round = 0; round < 2; round++) {
            commit(tx -> {
                tx.table("t").verifyIndexes();
                assertEquals(List.of(3L, 10L, 17L, 24L, 31L, 38L, 45L), keysWith(tx, "by_v", 3));
                assertEquals(List.of(3L, 10L, 17L, 24L, 31L, 38L, 45L), keysWith(tx, "by_both", 3));
                TransactionException refused = assertThrows(
                        TransactionException.class, () -> tx.table("t").insert(Row.of(100L, null)));
                assertEquals("23502", refused.sqlState());
            });
            reopen();
        }
        commit(tx -> notNull(tx, "v", false));
        assertEquals(files, indexFiles());
        commit(tx -> {
            tx.table("t").insert(Row.of(100L, null));
            assertEquals(7, keysWith(tx, "by_v", 3).size());
        });
        assertThrows(TransactionException.class, () -> commit(tx -> notNull(tx, "v", true)));
    }

    @Test
    void anIndexWhoseKeysKnowNoNullsIsMadeAnewOnceThereMayBeSome() {
        commit(tx -> {
            notNull(tx, "v", true);
            tx.dropIndex("by_v");
            tx.createIndex("t", Index.of("by_v", false, "v"));
        });
        reopen();
        List<Integer> files = indexFiles();
        commit(tx -> notNull(tx, "v", false));
        List<Integer> now = indexFiles();
        assertEquals(files.get(0), now.get(0), "by_both was made while there could be nulls");
        assertNotEquals(files.get(1), now.get(1), "by_v was not");
        commit(tx -> {
            tx.table("t").insert(Row.of(100L, null));
            List<Long> nulls = new ArrayList<>();
            tx.table("t")
                    .scan(KeyRange.prefix("by_v", (Object) null))
                    .forEachRemaining(row -> nulls.add(row.getLong("k")));
            assertEquals(List.of(100L), nulls);
        });
    }

    /** The files of by_both and by_v. */
    private List<Integer> indexFiles() {
        return db.catalog().committedIndexes().stream().map(IndexInfo::fileId).toList();
    }

    @Test
    void aPrimaryKeyComesAndGoes() {
        commit(tx -> tx.alterTable("t").addKey(KEY));
        commit(tx -> {
            assertNotNull(tx.table("t").get(7L));
            assertTrue(tx.table("t").schema().column(0).notNull());
            tx.savepoint("s");
            assertThrows(TransactionException.class, () -> TestTables.put(tx, 7, 1));
            tx.rollbackTo("s");
            tx.alterTable("t").dropKey("t_pkey");
            TestTables.put(tx, 7, 1);
            tx.rollbackTo("s");
            assertThrows(TransactionException.class, () -> TestTables.put(tx, 7, 1));
            tx.rollbackTo("s");
        });
        reopen();
        commit(tx -> tx.alterTable("t").dropKey("t_pkey"));
        commit(tx -> {
            TestTables.put(tx, 7, 1);
            assertThrows(IllegalStateException.class, () -> tx.table("t").get(7L));
        });
    }

    @Test
    void allOfItIsUndoneWithItsSavepoint() {
        commit(tx -> {
            tx.savepoint("s");
            notNull(tx, "v", true);
            tx.alterTable("t").addKey(KEY);
            tx.alterTable("t").setRules(schema -> schema.withDefaults(Map.of("v", "5")), row -> {});
            TestTables.put(tx, 100, 3);
            tx.table("t").verifyIndexes();
            tx.rollbackTo("s");
            assertFalse(tx.table("t").schema().column(1).notNull());
            assertEquals(2, tx.table("t").indexes().size());
            tx.table("t").insert(Row.of(7L, null));
            tx.table("t").verifyIndexes();
        });
        reopen();
        commit(tx -> assertEquals(51, TestTables.rows(tx).size()));
    }

    @Test
    void rowsThatAnOldSnapshotDoesNotSeeAreJudgedToo() {
        commit(tx -> tx.createTable("other", TestTables.KV));
        try (Transaction old = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ))) {
            old.table("other").insert(Row.of(1L, 1L));
            commit(tx -> tx.table("t").insert(Row.of(300L, null)));
            TransactionException refused = assertThrows(TransactionException.class, () -> notNull(old, "v", true));
            assertEquals("column \"v\" of relation \"t\" contains null values", refused.getMessage());
        }
    }

    @Test
    void aTableFromBeforeIsToBeAskedForAgain() {
        commit(tx -> {
            Table before = tx.table("t");
            notNull(tx, "k", true);
            assertThrows(IllegalStateException.class, () -> before.insert(Row.of(null, 1L)));
        });
        commit(tx -> assertThrows(
                IllegalArgumentException.class,
                () -> tx.alterTable("t")
                        .setRules(schema -> new Schema(schema.columns().subList(0, 1)), row -> {})));
    }
}
