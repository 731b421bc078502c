package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.TransactionException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view says of a row what the row says of itself, whichever way it was read. */
class RowViewTest {

    static final Schema ALL = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("i", ColumnType.INTEGER)
            .column("s", ColumnType.SMALLINT)
            .column("d", ColumnType.DOUBLE)
            .column("b", ColumnType.BOOLEAN)
            .column("t", ColumnType.TEXT)
            .column("y", ColumnType.BYTEA)
            .column("n", ColumnType.NUMERIC)
            .column("a", ColumnType.DATE)
            .column("w", ColumnType.TIMESTAMP)
            .primaryKey("id")
            .build();

    static final Row FULL = Row.of(
            1L,
            -2,
            (short) -3,
            0.5,
            true,
            "vier\u00E4",
            new byte[] {1, 2, 3},
            new BigDecimal("-12.340"),
            LocalDate.of(1969, 12, 31),
            LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6000));

    @TempDir
    Path directory;

    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(directory, DatabaseOptions.builder().build());
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void everyTypeIsReadAsItWasWritten() {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", ALL);
            table.insert(FULL);
            RowView view = new RowView();
            assertTrue(table.read(1L, view));
            assertEquals(10, view.size());
            assertEquals(1, view.getLong(0));
            assertEquals(-2, view.getInt(1));
            assertEquals(-2, view.getLong(1));
            assertEquals(-3, view.getInt(2));
            assertEquals(0.5, view.getDouble(3));
            assertTrue(view.getBoolean(4));
            assertEquals("vier\u00E4", new String(view.getBytes(5), StandardCharsets.UTF_8));
            assertEquals(6, view.length(5));
            assertArrayEquals(new byte[] {1, 2, 3}, view.getBytes(6));
            byte[] into = new byte[5];
            assertEquals(3, view.getBytes(6, into, 1));
            assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, into);
            assertThrows(IndexOutOfBoundsException.class, () -> view.getBytes(6, into, 3));
            for (int i = 0; i < view.size(); i++) {
                assertFalse(view.isNull(i));
                assertTrue(java.util.Objects.deepEquals(FULL.get(i), view.get(i)), "column " + i);
            }
            assertEquals(FULL, view.toRow());
            assertEquals(table.get(1L).id(), view.id());
        }
    }

    @Test
    void nullsAreNullsAndOtherTypesAreErrors() {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", ALL);
            table.insert(Row.of(7L, null, null, null, null, null, null, null, null, null));
            RowView view = new RowView();
            assertThrows(IllegalStateException.class, view::size);
            assertTrue(table.read(7L, view));
            for (int i = 1; i < view.size(); i++) {
                assertTrue(view.isNull(i));
                assertNull(view.get(i));
            }
            assertThrows(NullPointerException.class, () -> view.getInt(1));
            assertThrows(NullPointerException.class, () -> view.getBytes(6));
            assertThrows(IllegalArgumentException.class, () -> view.getInt(0));
            assertThrows(IllegalArgumentException.class, () -> view.getDouble(0));
            assertThrows(IllegalArgumentException.class, () -> view.getBoolean(0));
            assertThrows(IllegalArgumentException.class, () -> view.getBytes(0));
            assertThrows(IndexOutOfBoundsException.class, () -> view.isNull(10));
            assertFalse(table.read(8L, view));
            assertFalse(view.isPresent());
            assertThrows(IllegalStateException.class, () -> view.getLong(0));
            assertThrows(IllegalArgumentException.class, () -> table.read("7", view));
            TransactionException failed = assertThrows(TransactionException.class, () -> table.read(7L, view));
            assertEquals("25P02", failed.sqlState());
        }
    }

    @Test
    void largeValuesAreReadWhenAskedForAndUntilTheEnd() {
        byte[] large = new byte[100_000];
        new Random(4).nextBytes(large);
        try (Transaction tx = db.begin()) {
            tx.createTable("t", ALL).insert(FULL.with(6, large));
            tx.commit();
        }
        RowView view = new RowView();
        try (Transaction tx = db.begin()) {
            assertTrue(tx.table("t").read(1L, view));
            assertEquals(large.length, view.length(6));
            try (Transaction other = db.begin()) {
                other.table("t").update(row -> true, row -> row.with(6, new byte[1]));
                other.commit();
            }
            assertArrayEquals(large, view.getBytes(6));
            assertArrayEquals(large, (byte[]) view.get(6));
            byte[] into = new byte[large.length];
            assertEquals(large.length, view.getBytes(6, into, 0));
            assertArrayEquals(large, into);
            assertEquals(FULL.with(6, large), view.toRow());
            tx.commit();
        }
        assertEquals(1, view.getLong(0), "what stands in the row itself stays");
        assertThrows(IllegalStateException.class, () -> view.getBytes(6));
    }

    @Test
    void aScanShowsTheSameRowsInBothDirectionsWithAndWithoutAnIndex() {
        List<Long> keys = new ArrayList<>();
        for (long key = 0; key < 1000; key++) {
            keys.add(key);
        }
        Collections.shuffle(keys, new Random(9));
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", ALL);
            keys.forEach(key -> table.insert(FULL.with(0, key)));
            table.delete(row -> row.getLong("id") % 5 == 0);
            List<Long> ascending =
                    keys.stream().sorted().filter(key -> key % 5 != 0).toList();
            List<Long> descending = new ArrayList<>(ascending);
            Collections.reverse(descending);
            assertEquals(ascending, ids(table.scan(KeyRange.all("t_pkey"))));
            assertEquals(descending, ids(table.scan(KeyRange.all("t_pkey").reversed())));
            assertEquals(
                    ascending.stream().filter(key -> key >= 300 && key < 333).toList(),
                    ids(table.scan(KeyRange.all("t_pkey").from(300L).before(333L))));
            assertEquals(
                    ascending.stream().filter(key -> key % 7 == 0).toList(),
                    ids(table.scan(KeyRange.all("t_pkey"), row -> row.getLong("id") % 7 == 0)));
            assertEquals(ascending, ids(table.scan()).stream().sorted().toList());
        }
    }

    private static List<Long> ids(Scan scan) {
        List<Long> ids = new ArrayList<>();
        RowView view = new RowView();
        while (scan.next(view)) {
            ids.add(view.getLong(0));
        }
        assertFalse(view.isPresent());
        assertFalse(scan.next(view), "it stays at its end");
        return ids;
    }

    /** Rows of a batch stand in one place, which may be used again only for the view that has shown all of them. */
    @Test
    void aViewShowsItsRowUntilItIsUsedAgainWhateverOtherViewsShow() {
        Random random = new Random(11);
        List<RowView> kept = new ArrayList<>();
        List<Row> expected = new ArrayList<>();
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", ALL);
            for (long key = 0; key < 1000; key++) {
                table.insert(FULL.with(0, key).with(5, "x".repeat(random.nextInt(key % 100 == 0 ? 3000 : 60))));
            }
            KeyRange all = KeyRange.all("t_pkey");
            table.scan(all).forEachRemaining(expected::add);
            try (Scan scan = table.scan(all)) {
                RowView view = new RowView();
                for (int row = 0; scan.next(view); row++) {
                    assertEquals(expected.get(row), view.toRow());
                    kept.add(view);
                    // For some batches it stays the same, for others it changes in the middle or with each row.
                    view = row % 300 < 150 && random.nextInt(100) > 0 ? view : new RowView();
                    if (row % 97 == 0) {
                        assertTrue(table.read((long) row, view));
                        assertEquals(expected.get(row), view.toRow());
                    }
                    if (random.nextInt(50) == 0) {
                        assertEquals(row + 1 < expected.size(), scan.hasNext());
                        if (row + 1 < expected.size()) {
                            row++;
                            assertEquals(expected.get(row), scan.next());
                            kept.add(new RowView());
                        }
                    }
                }
            }
            tx.commit();
        }
        for (int row = 0; row < kept.size(); row++) {
            RowView view = kept.get(row);
            boolean used = kept.lastIndexOf(view) > row;
            if (view.isPresent() && !used) {
                assertEquals(expected.get(row), view.toRow(), "row " + row);
            }
        }
    }

    @Test
    void aViewShowsItsRowThoughTheScanGoesOnInAnotherOne() {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", ALL);
            for (long key = 0; key < 300; key++) {
                table.insert(FULL.with(0, key));
            }
            for (int last = 0; last < 200; last++) {
                RowView first = new RowView();
                RowView second = new RowView();
                try (Scan scan = table.scan(KeyRange.all("t_pkey"))) {
                    for (int row = 0; row <= last; row++) {
                        assertTrue(scan.next(first));
                    }
                    while (scan.next(second)) {
                        assertEquals(last, first.getLong(0));
                    }
                }
            }
        }
    }

    @Test
    void aScanDoesNotMixItsTwoWaysNorGoOnAfterItsEnd() {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", ALL);
            for (long key = 0; key < 20; key++) {
                table.insert(FULL.with(0, key));
            }
            Scan scan = table.scan(KeyRange.all("t_pkey"));
            RowView view = new RowView();
            assertTrue(scan.next(view));
            assertTrue(scan.hasNext());
            assertThrows(IllegalStateException.class, () -> scan.next(view));
            assertEquals(1L, scan.next().get(0));
            assertTrue(scan.next(view));
            assertEquals(2, view.getLong(0));
            scan.close();
            assertThrows(IllegalStateException.class, () -> scan.next(view));
            Savepoint savepoint = tx.savepoint("s");
            Scan inside = table.scan(KeyRange.all("t_pkey"));
            assertTrue(inside.next(view));
            savepoint.rollbackTo();
            assertThrows(IllegalStateException.class, () -> inside.next(view));
        }
    }

    @Test
    void bytesThatAreNoRowAreCorruption() {
        @org.jspecify.annotations.Nullable Object[] values = new Object[FULL.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = FULL.get(i);
        }
        byte[] row = RowCodec.encode(ALL, values);
        RowOffsets offsets = new RowOffsets();
        offsets.locate(ALL, row, 0, row.length);
        for (int length = 0; length < row.length; length++) {
            byte[] cut = Arrays.copyOf(row, length);
            assertThrows(CorruptionException.class, () -> offsets.locate(ALL, cut, 0, cut.length));
        }
        assertThrows(
                CorruptionException.class,
                () -> offsets.locate(ALL, Arrays.copyOf(row, row.length + 1), 0, row.length + 1));
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = row.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                offsets.locate(ALL, changed, 0, changed.length);
                for (int column = 0; column < ALL.size(); column++) {
                    if (!offsets.isNull(column)) {
                        assertTrue(offsets.start(column) <= offsets.content(column));
                        assertTrue(offsets.content(column) <= offsets.end(column));
                        assertTrue(offsets.end(column) <= changed.length);
                    }
                }
            } catch (CorruptionException expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
    }
}
