package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a closed scan leaves to the next one of the same table: room, and nothing of what it has shown or knew. */
class ScanReuseTest {

    private static final int KEYS = 300;
    private static final KeyRange ALL = KeyRange.all("t_pkey");

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void fill() {
        db = Database.open(directory, DatabaseOptions.builder().pageSize(1024).build());
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable(
                    "t",
                    Schema.builder()
                            .column("k", ColumnType.BIGINT)
                            .column("v", ColumnType.BIGINT)
                            .primaryKey("k")
                            .build());
            tx.createIndex("t", Index.of("t_v", false, "v"));
            for (long key = 0; key < KEYS; key++) {
                tx.table("t").insert(Row.of(key, KEYS - key));
            }
            tx.commit();
        }
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void aViewKeepsItsRowWhileTheNextScanShowsOthers() {
        try (Transaction tx = db.begin()) {
            Table table = tx.table("t");
            RowView first = new RowView();
            RowView second = new RowView();
            RowView third = new RowView();
            show(table, 10, first, second);
            assertShows(10, first);
            assertShows(11, second);
            show(table, 50, third);
            assertShows(10, first);
            assertShows(11, second);
            assertShows(50, third);
            show(table, 70, third);
            show(table, 90, first);
            assertShows(70, third);
            assertShows(90, first);
            assertShows(11, second);
            table.scan(ALL).forEachRemaining(row -> {});
            tx.commit();
            assertShows(70, third);
            assertShows(90, first);
            assertShows(11, second);
        }
    }

    private static void show(Table table, long from, RowView... views) {
        try (Scan scan = table.scan(ALL.from(from))) {
            for (RowView view : views) {
                assertTrue(scan.next(view));
            }
        }
    }

    private static void assertShows(long key, RowView view) {
        assertEquals(key, view.getLong(0));
        assertEquals(KEYS - key, view.getLong(1));
    }

    /** Any number open at a time, by two indexes, both ways, closed in any order, before their end or after it. */
    @Test
    void scansThatAreOpenAtTheSameTimeShareNothing() {
        Random random = new Random(1);
        try (Transaction tx = db.begin()) {
            Table table = tx.table("t");
            List<Walk> open = new ArrayList<>();
            for (int turn = 0; turn < 5000; turn++) {
                if (open.isEmpty() || (open.size() < 4 && random.nextInt(10) == 0)) {
                    open.add(new Walk(table, random));
                }
                Walk walk = open.get(random.nextInt(open.size()));
                if (!walk.step(1 + random.nextInt(12)) || random.nextInt(30) == 0) {
                    walk.scan.close();
                    open.remove(walk);
                }
            }
            open.forEach(walk -> walk.check());
        }
    }

    /** A scan, and the keys that it still has to give out. */
    private static final class Walk {
        private final RowView view = new RowView();
        private final List<Long> left;
        private final Scan scan;
        private long shown = -1;

        Walk(Table table, Random random) {
            long from = random.nextInt(KEYS);
            long to = Math.min(KEYS, from + random.nextInt(120));
            boolean backwards = random.nextBoolean();
            boolean byValue = random.nextBoolean();
            KeyRange range = byValue
                    ? KeyRange.all("t_v").after(KEYS - to).to(KEYS - from)
                    : ALL.from(from).before(to);
            scan = table.scan(backwards ? range.reversed() : range);
            LongStream keys = LongStream.range(from, to);
            boolean descends = byValue != backwards;
            left = new ArrayList<>((descends ? keys.map(key -> from + to - 1 - key) : keys)
                    .boxed()
                    .toList());
        }

        /** False at the end. */
        boolean step(int rows) {
            check();
            for (int i = 0; i < rows; i++) {
                if (!scan.next(view)) {
                    assertEquals(List.of(), left);
                    return false;
                }
                shown = left.remove(0);
                check();
            }
            return true;
        }

        void check() {
            if (view.isPresent()) {
                assertShows(shown, view);
            }
        }
    }

    @Test
    void theNextScanSeesWhatItsOwnSnapshotSees() {
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withIsolation(IsolationLevel.READ_COMMITTED))) {
            Table table = tx.table("t");
            for (int round = 1; round <= 4; round++) {
                int added = round;
                assertEquals(KEYS + round - 1, count(table, ALL));
                assertEquals(20 + round - 1, count(table, ALL.from((long) KEYS - 20)));
                try (Transaction other = db.begin()) {
                    other.table("t").insert(Row.of((long) KEYS + added, 0L));
                    assertEquals(20 + round - 1, count(table, ALL.from((long) KEYS - 20)));
                    other.commit();
                }
                assertEquals(20 + round, count(table, ALL.from((long) KEYS - 20)));
                Savepoint savepoint = tx.savepoint("s");
                assertEquals(20, table.delete(ALL.before(20L), row -> true, row -> {}));
                assertEquals(KEYS + round - 20, count(table, ALL));
                assertEquals(0, count(table, ALL.before(20L)));
                savepoint.rollbackTo();
                assertEquals(20, count(table, ALL.before(20L)));
            }
        }
    }

    private static int count(Table table, KeyRange range) {
        RowView view = new RowView();
        int rows = 0;
        try (Scan scan = table.scan(range)) {
            while (scan.next(view)) {
                rows++;
            }
        }
        return rows;
    }

    @Test
    void scansThatASavepointEndsLeaveTheOthersAlone() {
        try (Transaction tx = db.begin()) {
            Table table = tx.table("t");
            RowView view = new RowView();
            Scan outer = table.scan(ALL.from(5L));
            assertTrue(outer.next(view));
            Savepoint savepoint = tx.savepoint("s");
            Scan inner = table.scan(ALL.from(100L));
            Scan second = table.scan(ALL.from(200L));
            assertTrue(inner.next(view));
            inner.close();
            savepoint.rollbackTo();
            assertThrows(IllegalStateException.class, second::hasNext);
            try (Scan next = table.scan(ALL.from(150L));
                    Scan other = table.scan(ALL.from(170L))) {
                inner.close();
                second.close();
                assertTrue(next.next(view));
                assertShows(150, view);
                assertTrue(other.next(view));
                assertShows(170, view);
                assertTrue(outer.next(view));
                assertShows(6, view);
                assertTrue(next.next(view));
                assertShows(151, view);
            }
        }
    }

    @Test
    void aPredicateThatClosesItsScanDoesNotTakeRowsOfTheNext() {
        try (Transaction tx = db.begin()) {
            Table table = tx.table("t");
            List<Scan> scans = new ArrayList<>();
            scans.add(table.scan(ALL, row -> {
                scans.get(0).close();
                scans.add(table.scan(ALL.from(100L)));
                return false;
            }));
            RowView view = new RowView();
            assertThrows(IllegalStateException.class, () -> scans.get(0).next(view));
            try (Scan next = scans.get(1)) {
                for (long key = 100; key < KEYS; key++) {
                    assertTrue(next.next(view));
                    assertShows(key, view);
                }
                assertFalse(next.next(view));
            }
        }
    }

    @Test
    void aRangeThatIsRefusedLeavesTheNextScanAlone() {
        try (Transaction tx = db.begin()) {
            Table table = tx.table("t");
            assertEquals(10, count(table, ALL.before(10L)));
            Savepoint savepoint = tx.savepoint("s");
            for (KeyRange refused : List.of(ALL.from("text"), ALL.from(1L).to(2L, 3L))) {
                assertThrows(IllegalArgumentException.class, () -> table.scan(refused));
                savepoint.rollbackTo();
                assertEquals(10, count(table, ALL.before(10L)));
            }
        }
    }
}
