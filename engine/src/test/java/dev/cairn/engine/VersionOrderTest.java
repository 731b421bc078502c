package dev.cairn.engine;

import static dev.cairn.engine.TestTables.put;
import static dev.cairn.engine.TestTables.rows;
import static dev.cairn.engine.TestTables.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.VersionOrder.Version;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log tells of the versions of rows. */
class VersionOrderTest {

    @TempDir
    Path directory;

    private static Transaction begin(Database db, String label) {
        return db.begin(TransactionOptions.DEFAULT.withLabel(label));
    }

    private static void commit(Database db, String label, Consumer<Transaction> body) {
        try (Transaction tx = begin(db, label)) {
            body.accept(tx);
            tx.commit();
        }
    }

    private static StoredTable table(Database db) {
        return db.storedTables().stream()
                .filter(table -> table.name().equals("t"))
                .findFirst()
                .orElseThrow();
    }

    /** {@code label: row <- row replaced}, with a plus for what became visible. */
    private static String text(Version version) {
        Version replaced = version.replaced();
        return (version.isCommitted() ? "+" : "") + version.label() + ": " + values(version.row())
                + (replaced == null ? "" : " <- " + values(replaced.row()));
    }

    private static String values(@Nullable Row row) {
        return row == null ? "gone" : row.get(0) + "=" + row.get(1);
    }

    @Test
    void everyVersionInTheOrderInWhichItWasMade() {
        StoredTable table;
        try (Database db = Database.open(directory)) {
            TestTables.create(db);
            commit(db, "one", tx -> put(tx, 1, 10));
            commit(db, "two", tx -> {
                tx.savepoint("undone");
                set(tx, 1, 20);
                tx.rollbackTo("undone");
                tx.savepoint("released");
                set(tx, 1, 21);
                tx.release("released");
                set(tx, 1, 22);
            });
            try (Transaction tx = begin(db, "three")) {
                set(tx, 1, 30);
                tx.rollback();
            }
            commit(db, "four", tx -> tx.table("t").delete(row -> true));
            table = table(db);
        }
        // A life later, from the same log.
        try (Database db = Database.open(directory)) {
            commit(db, "five", tx -> put(tx, 1, 50));
        }
        List<Version> versions = VersionOrder.of(new RealDisk(directory), table);
        assertEquals(
                List.of(
                        "+one: 1=10",
                        "two: 1=20 <- 1=10",
                        "+two: 1=21 <- 1=10",
                        "+two: 1=22 <- 1=21",
                        "three: 1=30 <- 1=22",
                        "+four: gone <- 1=22",
                        "+five: 1=50"),
                versions.stream().map(VersionOrderTest::text).toList());
        for (int i = 1; i < versions.size(); i++) {
            assertTrue(versions.get(i - 1).madeAt() < versions.get(i).madeAt());
        }
        assertEquals(versions.get(2).top(), versions.get(3).top());
        assertTrue(versions.get(2).xid() > versions.get(3).xid()
                && versions.get(3).xid() > versions.get(3).top());
        assertEquals(versions.get(2).committedAt(), versions.get(3).committedAt());
    }

    @Test
    void aSnapshotIsOfTheCommitsUpToItsLsn() {
        List<Long> snapshots = new ArrayList<>();
        List<List<String>> seen = new ArrayList<>();
        StoredTable table;
        try (Database db = Database.open(directory)) {
            TestTables.create(db);
            commit(db, "one", tx -> put(tx, 1, 10));
            Transaction kept = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.REPEATABLE_READ));
            Transaction renewed = db.begin();
            for (long k = 2; k < 5; k++) {
                for (Transaction tx : List.of(kept, renewed)) {
                    snapshots.add(tx.statement(() -> {
                        seen.add(rows(tx));
                        return tx.snapshotLsn();
                    }));
                }
                long key = k;
                commit(db, "more", tx -> put(tx, key, 10));
            }
            table = table(db);
            kept.rollback();
            renewed.rollback();
        }
        List<Version> versions = VersionOrder.of(new RealDisk(directory), table);
        for (int i = 0; i < snapshots.size(); i++) {
            long snapshot = snapshots.get(i);
            assertEquals(
                    versions.stream()
                            .filter(version -> version.committedAt() <= snapshot)
                            .map(version -> values(version.row()))
                            .toList(),
                    seen.get(i));
        }
        assertEquals(snapshots.get(0), snapshots.get(4));
        assertTrue(snapshots.get(1) < snapshots.get(3) && snapshots.get(3) < snapshots.get(5));
    }

    @Test
    void whereNoDatabaseIsItSaysSo() {
        assertThrows(DiskException.class, () -> VersionOrder.of(new RealDisk(directory), StoredTable.CATALOG));
    }
}
