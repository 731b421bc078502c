package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.verify.DirectoryCheck;
import dev.cairn.engine.verify.Finding;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.sort.SortFile;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Indexes of tables that have rows: sorted in little memory, packed, and gone or whole after a crash. */
class IndexBuildTest {

    private static final Index BY_KEY = Index.of("by_k", true, "k");
    private static final DatabaseOptions TINY = DatabaseOptions.builder()
            .pageSize(512)
            .segmentBytes(1 << 16)
            .checkpointBytes(1 << 16)
            .growthBytes(4096)
            .sortMemoryBytes(1024)
            .build();

    private final MemoryDisk disk = new MemoryDisk();

    private static Database open(MemoryDisk disk, DatabaseOptions options) {
        return Database.open(disk, options, Environment.system());
    }

    /** Rows with the keys 0 to {@code rows - 1} in a random order. */
    private static void fill(Database db, int rows) {
        TestTables.create(db);
        List<Long> keys = new ArrayList<>();
        for (long k = 0; k < rows; k++) {
            keys.add(k);
        }
        java.util.Collections.shuffle(keys, new Random(5));
        try (Transaction tx = db.begin()) {
            Table table = tx.table("t");
            keys.forEach(k -> table.insert(Row.of(k, -k)));
            tx.commit(Durability.LAZY);
        }
    }

    private static boolean hasSortFile(MemoryDisk disk) {
        return disk.list().stream().anyMatch(SortFile::isSortFile);
    }

    @Test
    void manyRowsAreSortedInLittleMemory() {
        int rows = 200_000;
        DatabaseOptions options = DatabaseOptions.builder()
                .segmentBytes(1 << 20)
                .checkpointBytes(4 << 20)
                .sortMemoryBytes(64 << 10)
                .build();
        try (Database db = open(disk, options)) {
            fill(db, rows);
            AtomicReference<IndexBuildProgress> last = new AtomicReference<>();
            Set<String> files = new TreeSet<>();
            try (Transaction tx = db.begin()) {
                tx.createIndex("t", BY_KEY, progress -> {
                    last.set(progress);
                    disk.list().stream().filter(SortFile::isSortFile).forEach(files::add);
                });
                tx.commit();
            }
            IndexBuildProgress end = last.get();
            assertEquals(rows, end.rows());
            assertEquals(rows, end.entries());
            assertTrue(end.runs() > 100, end.toString());
            assertTrue(end.pages() > 100 && end.pages() < 1000, end.toString());
            assertEquals(2, files.size(), "the runs, and what they are merged to first: " + files);
            assertFalse(hasSortFile(disk));
            try (Transaction tx = db.begin()) {
                Table table = tx.table("t");
                table.verifyIndexes();
                AtomicLong next = new AtomicLong();
                try (Scan scan = table.scan(KeyRange.all("by_k"), row -> true)) {
                    scan.forEachRemaining(row -> assertEquals(next.getAndIncrement(), row.getLong("k")));
                }
                assertEquals(rows, next.get());
            }
        }
    }

    @Test
    void twoRowsWithOneKeyAreFoundAmongSortedRuns() {
        try (Database db = open(disk, TINY)) {
            fill(db, 300);
            TestTables.committed(db, 150, 1);
            try (Transaction tx = db.begin()) {
                tx.savepoint("s");
                TransactionException refused =
                        assertThrows(TransactionException.class, () -> tx.createIndex("t", BY_KEY));
                assertEquals("23505", refused.sqlState());
                assertEquals("could not create unique index \"by_k\"", refused.getMessage());
                assertEquals("Key (k)=(150) is duplicated.", refused.detail());
                assertFalse(hasSortFile(disk));
                tx.rollbackTo("s");
                tx.table("t").delete(row -> row.getLong("v") == 1);
                tx.createIndex("t", BY_KEY);
                tx.commit();
            }
            try (Transaction tx = db.begin()) {
                tx.table("t").verifyIndexes();
            }
        }
    }

    @Test
    void aDiskWithoutRoomCostsTheStatement() {
        try (Database db = open(disk, TINY)) {
            fill(db, 300);
            try (Transaction tx = db.begin()) {
                tx.savepoint("s");
                disk.limitSpace(0);
                TransactionException refused =
                        assertThrows(TransactionException.class, () -> tx.createIndex("t", BY_KEY));
                assertEquals("53100", refused.sqlState());
                assertFalse(hasSortFile(disk));
                disk.limitSpace(Long.MAX_VALUE);
                tx.rollbackTo("s");
                tx.createIndex("t", BY_KEY);
                tx.table("t").verifyIndexes();
                tx.commit();
            }
        }
    }

    @Test
    void damageOfATemporaryFileCostsTheStatement() {
        try (Database db = open(disk, TINY)) {
            fill(db, 20_000);
            try (Transaction tx = db.begin()) {
                tx.savepoint("s");
                TransactionException refused = assertThrows(
                        TransactionException.class,
                        () -> tx.createIndex("t", BY_KEY, progress -> {
                            if (progress.rows() > 10_000) {
                                return;
                            }
                            String name = disk.list().stream()
                                    .filter(SortFile::isSortFile)
                                    .findFirst()
                                    .orElseThrow();
                            disk.damage(name, 700);
                        }));
                assertEquals("58030", refused.sqlState());
                assertFalse(hasSortFile(disk));
                tx.rollbackTo("s");
                tx.createIndex("t", BY_KEY);
                tx.table("t").verifyIndexes();
                tx.commit();
            }
        }
    }

    @Test
    void afterACrashAnywhereTheIndexIsWholeOrNotThere() {
        List<Map<String, byte[]>> images = new ArrayList<>();
        try (Database db = open(disk, TINY)) {
            fill(db, 120);
            db.checkpoint();
            disk.onOperation(operation -> {
                images.add(disk.image());
                images.add(disk.crashLosingAll().image());
            });
            try (Transaction tx = db.begin()) {
                tx.createIndex("t", BY_KEY);
                tx.commit();
            }
            images.add(disk.image());
            disk.onOperation(operation -> {});
        }
        int whole = 0;
        int withLeftovers = 0;
        Map<Integer, byte[]> seen = new TreeMap<>();
        for (Map<String, byte[]> image : images) {
            int hash = hash(image);
            if (seen.put(hash, new byte[0]) != null) {
                continue;
            }
            MemoryDisk crashed = MemoryDisk.of(image);
            withLeftovers += hasSortFile(crashed) ? 1 : 0;
            try (Database db = open(crashed, TINY);
                    Transaction tx = db.begin()) {
                assertFalse(hasSortFile(crashed));
                Table table = tx.table("t");
                table.verifyIndexes();
                whole += table.indexes().size();
                assertEquals(120, TestTables.rows(tx).size());
                if (table.indexes().isEmpty()) {
                    tx.createIndex("t", BY_KEY);
                    table.verifyIndexes();
                    tx.commit();
                }
            }
        }
        assertTrue(withLeftovers > 3 && whole > 0 && seen.size() > whole + 10, withLeftovers + " " + whole);
    }

    private static int hash(Map<String, byte[]> image) {
        int hash = 0;
        for (Map.Entry<String, byte[]> file : image.entrySet()) {
            hash = 31 * (31 * hash + file.getKey().hashCode()) + java.util.Arrays.hashCode(file.getValue());
        }
        return hash;
    }

    @Test
    void whatABuildHasLeftIsReportedAndRemoved() {
        open(disk, TINY).close();
        disk.put("sort-00000009-0", new byte[1000]);
        disk.put("sort-9", new byte[10]);
        List<Finding> findings = new ArrayList<>();
        assertEquals(
                DirectoryCheck.Verdict.CLEAN,
                DirectoryCheck.run(disk, Environment.system(), findings::add).verdict());
        assertEquals(1, findings.size());
        assertTrue(findings.get(0).toString().contains("sort-00000009-0"), findings.toString());
        open(disk, TINY).close();
        assertFalse(hasSortFile(disk));
        assertTrue(disk.list().contains("sort-9"), "nobody's file stays");
    }
}
