package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.overflow.OverflowReference;
import dev.cairn.wal.Durability;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values too large for a page: what is written comes back, what is not asked for is not read, what is gone gives its pages back. */
class LargeValueTest {

    private static final int PAGE = 8192;
    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .notNull()
            .column("note", ColumnType.TEXT)
            .column("body", ColumnType.BYTEA)
            .build();

    @TempDir
    Path directory;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(directory);
        try (Transaction tx = database.begin()) {
            tx.createTable("t", SCHEMA);
            tx.commit();
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void reopen() {
        database.close();
        database = Database.open(directory);
    }

    /** Bytes that do not compress. */
    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void insert(long id, String note, byte[] body) {
        try (Transaction tx = database.begin()) {
            tx.table("t").insert(Row.of(id, note, body));
            tx.commit();
        }
    }

    private Row only(Transaction tx) {
        try (Scan scan = tx.table("t").scan()) {
            Row row = scan.next();
            assertFalse(scan.hasNext());
            return row;
        }
    }

    private long overflowBytes() throws java.io.IOException {
        Path file = directory.resolve("heap-00000003");
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private long read() {
        return database.statistics().largeValuesRead();
    }

    @Test
    void valuesOfAllSizesAroundTheBoundariesComeBack() {
        int[] sizes = {0, 1, 39, 8000, 8100, 8113, 8119, 8120, 8192, 16208, 16209, 65535, 65536, 65537, 200_000};
        try (Transaction tx = database.begin()) {
            for (int size : sizes) {
                tx.table("t").insert(Row.of((long) size, "x".repeat(size), bytes(size, size)));
            }
            tx.commit();
        }
        for (int turn = 0; turn < 2; turn++) {
            try (Transaction tx = database.begin();
                    Scan scan = tx.table("t").scan()) {
                int count = 0;
                while (scan.hasNext()) {
                    Row row = scan.next();
                    int size = (int) row.getLong("id");
                    assertEquals("x".repeat(size), row.getString("note"));
                    assertArrayEquals(bytes(size, size), (byte[]) row.get("body"));
                    count++;
                }
                assertEquals(sizes.length, count);
            }
            reopen();
        }
    }

    @Test
    void theLargestRowComesBackAndALargerOneIsRefused() {
        int most = 64 << 20;
        byte[] body = bytes(1, most - 100);
        insert(1, "n", body);
        reopen();
        try (Transaction tx = database.begin()) {
            assertArrayEquals(body, (byte[]) only(tx).get("body"));
        }
        try (Transaction tx = database.begin()) {
            TransactionException refused = assertThrows(
                    TransactionException.class, () -> tx.table("t").insert(Row.of(2L, "", new byte[most])));
            assertEquals(SqlState.PROGRAM_LIMIT_EXCEEDED, refused.sqlState());
            assertTrue(refused.getMessage().contains("at most 67108864"), refused.getMessage());
        }
    }

    @Test
    void textThatCompressesTakesFewPages() throws Exception {
        String text = "the same again and again, ".repeat(100_000);
        insert(1, text, null);
        assertTrue(overflowBytes() <= 1 << 20, "file of " + overflowBytes());
        try (Transaction tx = database.begin()) {
            assertEquals(text, only(tx).getString("note"));
        }
    }

    @Test
    void whatIsNotAskedForIsNotRead() {
        for (long id = 0; id < 20; id++) {
            insert(id, "n".repeat(20_000), bytes(id, 50_000));
        }
        long before = read();
        try (Transaction tx = database.begin();
                Scan scan = tx.table("t").scan(row -> row.getLong("id") % 2 == 0)) {
            long sum = 0;
            while (scan.hasNext()) {
                Row row = scan.next();
                assertTrue(row.isUnread(1) && row.isUnread(2));
                sum += row.getLong("id");
            }
            assertEquals(90, sum);
            assertEquals(before, read());
        }
        try (Transaction tx = database.begin()) {
            tx.table("t").update(row -> true, row -> row.with("id", row.getLong("id") + 100));
            assertEquals(before, read());
            tx.commit();
        }
        try (Transaction tx = database.begin();
                Scan scan = tx.table("t").scan(row -> row.getLong("id") == 103)) {
            Row row = scan.next();
            assertArrayEquals(bytes(3, 50_000), (byte[]) row.get("body"));
            assertFalse(row.isUnread(2));
            assertTrue(row.isUnread(1));
            row.get("body");
            assertEquals(before + 1, read());
            assertEquals("(20000 bytes)", row.toString().split(", ")[1]);
        }
    }

    @Test
    void aKeptValueSurvivesTheVersionsThatReferToIt() {
        byte[] body = bytes(7, 100_000);
        insert(1, "first", body);
        for (int i = 0; i < 500; i++) {
            String note = "note " + i;
            try (Transaction tx = database.begin()) {
                assertEquals(1, tx.table("t").update(row -> true, row -> row.with("note", note)));
                if (i % 3 == 0) {
                    tx.rollback();
                } else {
                    tx.commit();
                }
            }
        }
        reopen();
        try (Transaction tx = database.begin()) {
            assertArrayEquals(body, (byte[]) only(tx).get("body"));
            assertEquals("note 499", only(tx).getString("note"));
        }
    }

    @Test
    void replacedDeletedAndRolledBackValuesGiveTheirPagesBack() throws Exception {
        insert(1, "", bytes(1, 300_000));
        for (int i = 0; i < 60; i++) {
            byte[] body = bytes(i, 300_000);
            try (Transaction tx = database.begin()) {
                tx.savepoint("s");
                tx.table("t").update(row -> true, row -> row.with("body", bytes(99, 300_000)));
                tx.rollbackTo("s");
                tx.table("t").update(row -> true, row -> row.with("body", body));
                tx.savepoint("s");
                tx.table("t").insert(Row.of(2L, "", body));
                tx.table("t").delete(row -> row.getLong("id") == 2);
                tx.release("s");
                tx.commit();
            }
        }
        // 60 rounds wrote 54 MB; alive at a time are at most five values.
        assertTrue(overflowBytes() <= 4 << 20, "file of " + overflowBytes());
        reopen();
        try (Transaction tx = database.begin()) {
            assertArrayEquals(bytes(59, 300_000), (byte[]) only(tx).get("body"));
        }
        for (int i = 0; i < 10; i++) {
            insert(i + 10, "", bytes(i, 30_000));
        }
        assertTrue(overflowBytes() <= 4 << 20, "file of " + overflowBytes());
    }

    @Test
    void oldSnapshotsAndRowsInHandKeepTheirValues() {
        byte[] old = bytes(1, 100_000);
        insert(1, "", old);
        try (Transaction reader = database.begin()) {
            Row row = only(reader);
            for (int i = 0; i < 20; i++) {
                byte[] next = bytes(i + 2, 100_000);
                try (Transaction tx = database.begin()) {
                    tx.table("t").update(all -> true, present -> present.with("body", next));
                    tx.commit();
                }
            }
            assertArrayEquals(old, (byte[]) row.get("body"));
            Row late = only(reader);
            reader.commit();
            IllegalStateException over = assertThrows(IllegalStateException.class, () -> late.get("body"));
            assertNotNull(over.getMessage());
        }
    }

    @Test
    void aValueOfARolledBackSavepointIsGoneWithAClearError() {
        try (Transaction tx = database.begin()) {
            tx.savepoint("s");
            tx.table("t").insert(Row.of(1L, "", bytes(1, 100_000)));
            Row row = only(tx);
            tx.rollbackTo("s");
            for (int i = 0; i < 5; i++) {
                tx.table("t").insert(Row.of(2L, "", bytes(i, 100_000)));
            }
            IllegalStateException gone = assertThrows(IllegalStateException.class, () -> row.get("body"));
            assertTrue(gone.getMessage().contains("rolled back"), gone.getMessage());
        }
    }

    /** What others rolled back no snapshot has ever shown: a row that refers to such a value has been changed. */
    @Test
    void aValueOfAnothersRollbackIsDamage() {
        long rolledBack;
        try (Transaction tx = database.begin()) {
            tx.table("t").insert(Row.of(1L, "", bytes(1, 100_000)));
            rolledBack = tx.xact().topXid();
        }
        OverflowReference lie = new OverflowReference(1, rolledBack, 7, 100_000);
        try (Transaction tx = database.begin()) {
            CorruptionException reading =
                    assertThrows(CorruptionException.class, () -> tx.table("t").readLarge(lie));
            assertTrue(reading.getMessage().contains("found it gone"), reading.getMessage());
            tx.table("t").insert(Row.of(2L, "", bytes(2, 100_000)));
            assertThrows(CorruptionException.class, () -> tx.table("t").readLarge(lie));
        }
    }

    @Test
    void whatAnIndexIsOnStaysInItsRow() {
        String[] columns = {"a", "b", "c", "d", "e"};
        Schema.Builder schema = Schema.builder();
        for (String column : columns) {
            schema.column(column, ColumnType.TEXT);
        }
        try (Transaction tx = database.begin()) {
            Table wide = tx.createTable("wide", schema.build());
            tx.createIndex("wide", new Index("wide_a", true, false, List.of(Index.Part.ascending("a"))));
            tx.createIndex("wide", new Index("wide_c", false, false, List.of(Index.Part.ascending("c"))));
            for (int i = 0; i < 30; i++) {
                String text = String.format("%04d", i).repeat(600);
                wide.insert(Row.of(text, text, text, text, text));
            }
            tx.commit();
        }
        long before = read();
        for (int turn = 0; turn < 30; turn++) {
            String suffix = "-" + turn;
            try (Transaction tx = database.begin()) {
                Table wide = tx.table("wide");
                wide.update(
                        row -> row.getString("a").startsWith("0007"),
                        row -> row.with("c", row.getString("a") + suffix));
                tx.savepoint("s");
                wide.update(row -> row.getString("a").startsWith("0009"), row -> row.with("a", "new" + suffix));
                tx.rollbackTo("s");
                tx.commit();
            }
        }
        assertEquals(before, read());
        try (Transaction tx = database.begin()) {
            tx.table("wide").verifyIndexes();
            String key = "0007".repeat(600) + "-29";
            try (Scan scan = tx.table("wide").scan(KeyRange.prefix("wide_c", key), row -> true)) {
                assertEquals("0007".repeat(600), scan.next().getString("e"));
            }
        }
    }

    @Test
    void aColumnWithValuesElsewhereGetsAnIndexOnceNobodySeesThem() {
        insert(1, "x".repeat(100_000), null);
        Index index = new Index("t_note", false, false, List.of(Index.Part.ascending("note")));
        try (Transaction tx = database.begin()) {
            TransactionException refused = assertThrows(TransactionException.class, () -> tx.createIndex("t", index));
            assertEquals(SqlState.PROGRAM_LIMIT_EXCEEDED, refused.sqlState());
            assertTrue(refused.getMessage().contains("100000 bytes is too long for index"), refused.getMessage());
        }
        try (Transaction tx = database.begin()) {
            tx.table("t").update(row -> true, row -> row.with("note", "short"));
            tx.commit();
        }
        try (Transaction tx = database.begin()) {
            tx.createIndex("t", index);
            tx.commit();
        }
        for (int i = 0; i < 300; i++) {
            insert(i, "note " + i, null);
        }
        try (Transaction tx = database.begin()) {
            tx.table("t").delete(row -> row.getLong("id") % 2 == 0);
            tx.table("t").verifyIndexes();
            assertThrows(TransactionException.class, () -> tx.table("t").insert(Row.of(1L, "x".repeat(100_000), null)));
        }
    }

    /** Entries of a chain are looked for by the keys of its versions that are left, and one of those may have none. */
    @Test
    void anEntryOfARowThatOnceHadItsValueElsewhereLeadsToNoOtherRow() {
        try (Transaction tx = database.begin()) {
            tx.createIndex("t", Index.of("t_id", false, "id"));
            tx.commit();
        }
        insert(1, "x".repeat(100_000), null);
        try (Transaction tx = database.begin()) {
            tx.table("t").update(row -> true, row -> row.with("note", "short"));
            tx.commit();
        }
        try (Transaction tx = database.begin()) {
            tx.createIndex("t", new Index("t_note", false, false, List.of(Index.Part.ascending("note"))));
            tx.commit();
        }
        try (Transaction tx = database.begin()) {
            tx.table("t").delete(row -> true);
            tx.commit();
        }
        for (int i = 0; i < 300; i++) {
            insert(i, "note " + i, null);
        }
        try (Transaction tx = database.begin()) {
            tx.table("t").verifyIndexes();
            try (Scan scan = tx.table("t").scan(KeyRange.prefix("t_note", "short"), row -> true)) {
                scan.forEachRemaining(row -> assertEquals("short", row.getString("note")));
            }
        }
    }

    @Test
    void anInsertThatMeetsAnotherRowGivesItsPagesBack() throws Exception {
        try (Transaction tx = database.begin()) {
            Table keyed = tx.createTable(
                    "keyed",
                    Schema.builder()
                            .column("id", ColumnType.BIGINT)
                            .column("body", ColumnType.BYTEA)
                            .primaryKey("id")
                            .build());
            keyed.insert(Row.of(1L, bytes(1, 500_000)));
            for (int i = 0; i < 40; i++) {
                assertFalse(keyed.insertUnlessThere(Row.of(1L, bytes(i, 500_000)), List.of()));
            }
            tx.commit();
        }
        Path file = directory.resolve("heap-00000005");
        assertTrue(Files.size(file) <= 3 << 20, "file of " + Files.size(file));
    }

    @Test
    void aDroppedTableTakesItsValuesAlong() throws Exception {
        insert(1, "", bytes(1, 3_000_000));
        assertTrue(overflowBytes() > 0);
        try (Transaction tx = database.begin()) {
            tx.dropTable("t");
            tx.commit();
        }
        reopen();
        assertEquals(0, overflowBytes());
        try (Transaction tx = database.begin()) {
            tx.createTable("t", SCHEMA).insert(Row.of(1L, "n", bytes(2, PAGE)));
            tx.rollback();
        }
        reopen();
        try (var names = Files.list(directory)) {
            assertEquals(
                    1,
                    names.filter(name -> name.getFileName().toString().startsWith("heap-"))
                            .count());
        }
    }

    @Test
    void noFileIsMadeForRowsThatFit() throws Exception {
        insert(1, "x".repeat(8000), null);
        assertEquals(0, overflowBytes());
    }

    @Test
    void rowsThatCannotMoveAnythingOutAreRefusedAsBefore() {
        try (Transaction tx = database.begin()) {
            Schema schema = Schema.builder().column("n", ColumnType.NUMERIC).build();
            Table wide = tx.createTable("wide", schema);
            Row digits = Row.of(new java.math.BigDecimal("9".repeat(30_000)));
            TransactionException refused = assertThrows(TransactionException.class, () -> wide.insert(digits));
            assertEquals(SqlState.PROGRAM_LIMIT_EXCEEDED, refused.sqlState());
        }
    }

    private static void tooLong(int bytes, String index, org.junit.jupiter.api.function.Executable statement) {
        TransactionException refused = assertThrows(TransactionException.class, statement);
        assertEquals(SqlState.PROGRAM_LIMIT_EXCEEDED, refused.sqlState());
        assertEquals(
                "index row size " + bytes + " exceeds the maximum 2701 for index \"" + index + "\"",
                refused.getMessage());
    }

    /** Whether or not the row as a whole would fit onto a page. */
    @Test
    void aKeyThatIsTooLongIsNamedWithItsIndex() {
        try (Transaction tx = database.begin()) {
            tx.createIndex("t", new Index("t_note", false, false, List.of(Index.Part.ascending("note"))));
            tx.createIndex("t", new Index("t_id", true, false, List.of(Index.Part.ascending("id"))));
            tx.table("t").insert(Row.of(1L, "n".repeat(2_600), bytes(1, 100_000)));
            tx.commit();
        }
        for (int length : new int[] {2_700, 9_000, 100_000}) {
            int size = length + 8; // whether there is a value, the text's end, and the row's id
            String note = "n".repeat(length);
            try (Transaction tx = database.begin()) {
                tooLong(size, "t_note", () -> tx.table("t").insert(Row.of(2L, note, null)));
            }
            try (Transaction tx = database.begin()) {
                tx.savepoint("s");
                tooLong(size, "t_note", () -> tx.table("t").update(row -> true, row -> row.with("note", note)));
                tx.rollbackTo("s");
                assertEquals("n".repeat(2_600), only(tx).getString("note"));
                tx.commit();
            }
        }
        try (Transaction tx = database.begin()) {
            tx.createTable("later", SCHEMA).insert(Row.of(1L, "n".repeat(3_000), null));
            tooLong(3_008, "later_note", () -> tx.createIndex("later", Index.of("later_note", false, "note")));
        }
    }

    /** A thousand rounds that replace, delete and roll back leave a file as large as two rounds do. */
    @Test
    void aThousandRoundsTakeNoMoreThanAFew() throws Exception {
        Schema schema = Schema.builder()
                .column("id", ColumnType.BIGINT)
                .column("body", ColumnType.BYTEA)
                .build();
        DatabaseOptions options =
                DatabaseOptions.builder().growthBytes(8 * PAGE).build();
        Path small = directory.resolve("small");
        try (Database rounds = Database.open(small, options)) {
            try (Transaction tx = rounds.begin()) {
                tx.createTable("r", schema).insert(Row.of(1L, bytes(0, 40_000)));
                tx.commit();
            }
            long afterFew = 0;
            for (int i = 0; i < 1_000; i++) {
                byte[] body = bytes(i, 40_000);
                try (Transaction tx = rounds.begin()) {
                    tx.savepoint("s");
                    tx.table("r").update(row -> true, row -> row.with("body", body));
                    tx.table("r").insert(Row.of(2L, body));
                    if (i % 2 == 0) {
                        tx.rollbackTo("s");
                    }
                    tx.table("r").delete(row -> row.getLong("id") == 2);
                    if (i % 3 == 0) {
                        tx.rollback();
                    } else {
                        tx.commit(Durability.LAZY);
                    }
                }
                if (i == 20) {
                    afterFew = Files.size(small.resolve("heap-00000003"));
                }
            }
            assertTrue(afterFew > 0 && afterFew < 1 << 20, "file of " + afterFew);
            assertEquals(afterFew, Files.size(small.resolve("heap-00000003")));
        }
    }

    private static InputStream stream(Transaction tx, Row row, String column) {
        return java.util.Objects.requireNonNull(tx.table("t").stream(row, column));
    }

    @Test
    void valuesAreReadPieceByPiece() throws Exception {
        int[] sizes = {0, 1, 100, 8_112, 8_113, 65_535, 65_536, 65_537, 300_000};
        for (int size : sizes) {
            insert(size, "x".repeat(size), bytes(size, size));
        }
        insert(-1, null, null);
        try (Transaction tx = database.begin();
                Scan scan = tx.table("t").scan()) {
            while (scan.hasNext()) {
                Row row = scan.next();
                int size = (int) row.getLong("id");
                if (size < 0) {
                    assertNull(tx.table("t").stream(row, "note"));
                    continue;
                }
                byte[] note = stream(tx, row, "note").readAllBytes();
                assertEquals("x".repeat(size), new String(note, StandardCharsets.UTF_8));
                InputStream body = stream(tx, row, "body");
                byte[] expected = bytes(size, size);
                if (size > 0) {
                    assertEquals(expected[0] & 0xFF, body.read());
                    assertArrayEquals(Arrays.copyOfRange(expected, 1, size), body.readAllBytes());
                }
                assertEquals(-1, body.read());
                assertEquals(-1, body.read(new byte[5], 0, 5));
                assertThrows(IllegalArgumentException.class, () -> tx.table("t").stream(row, "id"));
            }
        }
    }

    /** Of 20 MB, packed or not, only a piece is in memory at a time: nothing of that size is ever taken. */
    @Test
    void aStreamTakesMemoryForAPiece() throws Exception {
        int length = 20_000_000;
        insert(1, "many ".repeat(length / 5), bytes(7, length));
        byte[] part = new byte[1000];
        try (Transaction tx = database.begin()) {
            Row row = only(tx);
            for (String column : List.of("note", "body")) {
                InputStream in = stream(tx, row, column);
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long total = 0;
                for (int piece = 0; piece < 300; piece++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < 66; i++) {
                        total += Math.max(0, in.read(part));
                    }
                    assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 1 << 20, column);
                }
                total += in.skip(length);
                assertEquals(length, total);
                assertTrue(row.isUnread(row.indexOf(column)));
            }
        }
    }

    @Test
    void aStreamEndsWithItsTransactionAndItsRow() throws Exception {
        insert(1, "n", bytes(1, 200_000));
        InputStream after;
        try (Transaction tx = database.begin()) {
            after = stream(tx, only(tx), "body");
            assertEquals(1000, after.read(new byte[1000]));
            tx.commit();
        }
        assertEquals(64_536, after.skip(65_536 - 1000));
        assertThrows(IllegalStateException.class, after::read);
        try (Transaction tx = database.begin()) {
            tx.table("t").delete(row -> true);
            tx.savepoint("s");
            tx.table("t").insert(Row.of(2L, "n", bytes(2, 200_000)));
            Row undone = only(tx);
            InputStream begun = stream(tx, undone, "body");
            tx.rollbackTo("s");
            tx.table("t").insert(Row.of(3L, "n", bytes(3, 600_000)));
            assertThrows(IllegalStateException.class, begun::readAllBytes);
            assertThrows(IllegalStateException.class, () -> tx.table("t").stream(undone, "body"));
        }
    }
}
