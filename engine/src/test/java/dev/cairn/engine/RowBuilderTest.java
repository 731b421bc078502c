package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.TestTables.Other;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.IsolationLevel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written by way of a builder is what a row would have written, and what a view shows is what is changed. */
class RowBuilderTest {

    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BIGINT)
            .column("v", ColumnType.varchar(5))
            .notNull()
            .column("n", ColumnType.SMALLINT)
            .column("large", ColumnType.BYTEA)
            .primaryKey("k")
            .build();

    private final MemoryDisk disk = new MemoryDisk();
    private final Database db = Database.open(disk, DatabaseOptions.DEFAULT, Environment.system());

    @AfterEach
    void close() {
        try (Transaction tx = db.begin()) {
            tx.tables().forEach(Table::verifyIndexes);
        }
        db.close();
    }

    private Transaction filled() {
        Transaction tx = db.begin();
        Table table = tx.createTable("t", SCHEMA);
        tx.createIndex("t", Index.of("by_v", false, "v", "n"));
        for (long k = 1; k <= 3; k++) {
            table.insert(Row.of(k, "v" + k, (short) k, null));
        }
        tx.commit();
        return db.begin();
    }

    private static RowView view(Transaction tx, long k) {
        RowView view = new RowView();
        assertTrue(tx.table("t").read(k, view));
        return view;
    }

    private static String code(Runnable refused) {
        return assertThrows(TransactionException.class, refused::run).sqlState();
    }

    @Test
    void everyTypeIsWrittenAsARowWritesIt() {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable("t", RowViewTest.ALL);
            Row full = RowViewTest.FULL;
            RowBuilder row = table.newRow();
            assertThrows(IllegalStateException.class, row::id);
            row.setLong(0, 1).setLong(1, -2).setLong(2, -3).setDouble(3, 0.5).setBoolean(4, true);
            row.setText(5, "vier\u00E4").setBytes(6, new byte[] {0, 1, 2, 3, 4}, 1, 3);
            row.set(7, full.get(7)).set(8, full.get(8)).set(9, full.get(9));
            table.insert(row);
            assertEquals(full, table.get(1L));
            assertEquals(full, table.get(row.id()));
            table.insert(row.setLong(0, 2).setText(5, "kurz").setBytes(6, new byte[0]));
            assertEquals(full.with(0, 2L).with(5, "kurz").with(6, new byte[0]), table.get(2L));
            table.insert(row.clear().setLong(0, 3));
            assertEquals(Row.of(3L, null, null, null, null, null, null, null, null, null), table.get(3L));
            for (int i = 0; i < 7; i++) {
                int column = i;
                assertThrows(IllegalArgumentException.class, () -> row.set(column, new Object()));
                Runnable[] others = {
                    () -> row.setLong(column, 1),
                    () -> row.setDouble(column, 1),
                    () -> row.setBoolean(column, true),
                    () -> row.setText(column, "x"),
                    () -> row.setBytes(column, new byte[1])
                };
                int refused = 0;
                for (Runnable other : others) {
                    try {
                        other.run();
                    } catch (IllegalArgumentException expected) {
                        refused++;
                    }
                }
                assertEquals(4, refused, "column " + column);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> row.setBytes(6, new byte[3], 2, 2));
        }
    }

    /** Values are judged when they are set, rows when they are stored; only the latter fails the transaction. */
    @Test
    void whatARowMayNotHoldIsRefused() {
        try (Transaction tx = filled()) {
            Table table = tx.table("t");
            RowBuilder row = table.newRow().setLong(0, 10).setText(1, "fine");
            assertEquals("22003", code(() -> row.setLong(2, 40_000)));
            assertEquals("22001", code(() -> row.setText(1, "longer")));
            assertEquals("22021", code(() -> row.setText(1, "a\0b")));
            table.insert(row);
            assertEquals(Row.of(10L, "fine", null, null), table.get(10L));
            tx.savepoint("s");
            for (Runnable refused : List.<Runnable>of(
                    () -> table.insert(row.setLong(0, 1)), () -> table.update(view(tx, 2), row.setLong(0, 1)))) {
                assertEquals("23505", code(refused));
                tx.rollbackTo("s");
            }
            row.setLong(0, 11).setNull(1);
            assertEquals("23502", code(() -> table.insert(row)));
            tx.rollbackTo("s");
            assertEquals("23502", code(() -> table.update(view(tx, 1), row)));
            tx.rollbackTo("s");
            Table other = tx.createTable("other", TestTables.KV);
            assertThrows(IllegalArgumentException.class, () -> other.insert(row));
            assertThrows(IllegalArgumentException.class, () -> other.delete(view(tx, 1)));
            assertThrows(IllegalStateException.class, () -> table.delete(new RowView()));
            tx.commit();
        }
    }

    @Test
    void aViewLeadsToTheVersionThatItShowsAndNoOther() {
        try (Transaction tx = filled()) {
            Table table = tx.table("t");
            RowView stale = view(tx, 1);
            RowBuilder row = table.newRow().setLong(0, 1).setText(1, "one");
            assertTrue(table.update(view(tx, 1), row));
            assertNotEquals(stale.id(), row.id());
            assertFalse(table.update(stale, row.setText(1, "two")), "it has been replaced by this transaction");
            assertFalse(table.delete(stale));
            assertEquals("one", view(tx, 1).toRow().getString("v"));
            RowView undone;
            try (Savepoint savepoint = tx.savepoint("s")) {
                assertTrue(table.update(view(tx, 1), row.setText(1, "three").setLong(0, 100)));
                undone = view(tx, 100);
                savepoint.rollbackTo();
            }
            assertFalse(table.update(undone, row));
            assertTrue(table.delete(view(tx, 1)));
            assertNull(table.get(1L));
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            assertEquals(2, tx.table("t").delete(row -> true));
        }
    }

    /** As with {@code UPDATE}: under READ COMMITTED the newest version is changed, else somebody was first. */
    @Test
    void whoMeetsAChangeWaitsAndGoesOn() throws Throwable {
        filled().close();
        for (IsolationLevel isolation : IsolationLevel.values()) {
            for (boolean deletes : new boolean[] {false, true}) {
                try (Transaction first = db.begin();
                        Transaction second = db.begin(TransactionOptions.DEFAULT.withIsolation(isolation))) {
                    RowView seen = view(second, 2);
                    RowBuilder row = second.table("t").newRow().setLong(0, 2).setText(1, "last");
                    first.table("t").update(old -> old.getLong("k") == 2, old -> old.with("n", (short) 9));
                    Callable<Boolean> change = () -> deletes
                            ? second.table("t").delete(seen)
                            : second.table("t").update(seen, row);
                    Other other = new Other(change).untilBlocked();
                    first.commit();
                    if (isolation.keepsSnapshot()) {
                        assertEquals(
                                "40001",
                                assertThrows(TransactionException.class, other::get)
                                        .sqlState());
                    } else {
                        assertEquals(true, other.get());
                        assertEquals(
                                deletes ? null : Row.of(2L, "last", null, null),
                                second.table("t").get(2L));
                    }
                }
            }
        }
    }

    @Test
    void largeValuesGoWithTheRowsThatHaveThem() {
        byte[] large = new byte[100_000];
        new Random(1).nextBytes(large);
        try (Transaction tx = filled()) {
            Table table = tx.table("t");
            RowBuilder row = table.newRow().setLong(0, 50).setText(1, "l").setBytes(3, large);
            table.insert(row);
            table.insert(row.setLong(0, 51));
            assertTrue(table.delete(view(tx, 50)));
            assertArrayEquals(large, view(tx, 51).getBytes(3));
            large[7]++;
            assertTrue(table.update(view(tx, 51), row.setBytes(3, large)));
            assertArrayEquals(large, view(tx, 51).getBytes(3));
            assertTrue(table.update(view(tx, 51), row.setNull(3)));
            assertTrue(view(tx, 51).isNull(3));
            tx.commit();
        }
    }

    /** Such a version is in the heap before its keys are looked at; it has no entry, and clearing it away asks for none. */
    @Test
    void aVersionWhoseKeyIsTooLongIsClearedAway() {
        try (Transaction tx = db.begin()) {
            Table table = tx.createTable(
                    "t",
                    Schema.builder()
                            .column("k", ColumnType.BIGINT)
                            .column("v", ColumnType.TEXT)
                            .primaryKey("k")
                            .build());
            tx.createIndex("t", Index.of("by_v", false, "v"));
            RowBuilder row = table.newRow().setLong(0, 1).setText(1, "short");
            table.insert(row);
            tx.savepoint("s");
            for (int i = 0; i < 20; i++) {
                row.setText(1, "long".repeat(1000));
                assertEquals("54000", code(() -> table.update(view(tx, 1), row)));
                tx.rollbackTo("s");
                assertEquals("54000", code(() -> table.insert(row.setLong(0, 1))));
                tx.rollbackTo("s");
                row.setText(1, "other".repeat(400) + i);
                assertTrue(table.update(view(tx, 1), row));
            }
            tx.commit();
        }
        try (Transaction tx = db.begin()) {
            assertEquals("other".repeat(400) + 19, view(tx, 1).toRow().getString("v"));
        }
    }

    @Test
    void listenersAreTold() {
        List<String> told = new ArrayList<>();
        filled().close();
        TransactionListener listener = (event, name, row, depth) -> told.add(event + " " + name + " " + row);
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withListener(listener))) {
            Table table = tx.table("t");
            RowBuilder row = table.newRow().setLong(0, 7).setText(1, "a");
            table.insert(row);
            table.update(view(tx, 7), row.setText(1, "b"));
            table.delete(view(tx, 7));
        }
        assertEquals(
                List.of("INSERT t [7, a, null, null]", "UPDATE t [7, b, null, null]", "DELETE t [7, b, null, null]"),
                told.subList(0, 3));
    }

    /** The key of a row as it is stored is the key of its values. */
    @Test
    void keysAreTheSameFromBytesAndFromValues() {
        Random random = new Random(3);
        Schema schema = RowViewTest.ALL;
        KeyCodec codec = new KeyCodec();
        RowOffsets offsets = new RowOffsets();
        for (int i = 0; i < 5000; i++) {
            @Nullable Object[] values = new @Nullable Object[schema.size()];
            for (int column = 0; column < values.length; column++) {
                values[column] = value(schema.column(column).type(), column > 0 ? random : new Random(i));
            }
            List<Index.Part> parts = new ArrayList<>();
            for (Column column : schema.columns()) {
                parts.add(new Index.Part(column.name(), random.nextBoolean(), random.nextBoolean()));
            }
            Index index = new Index("i", false, false, parts);
            IndexInfo info = new IndexInfo(1, 2, index, schema, false, IndexInfo.markedBy(index, schema));
            byte[] row = RowCodec.encode(schema, values);
            offsets.locate(schema, row, 0, row.length);
            info.putKey(codec.clear(), row, offsets);
            assertArrayEquals(info.key(values), codec.toBytes());
        }
    }

    private static @Nullable Object value(ColumnType type, Random random) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        return switch (type.kind()) {
            case BIGINT -> random.nextLong() >> random.nextInt(64);
            case INTEGER -> random.nextInt() >> random.nextInt(32);
            case SMALLINT -> (short) random.nextInt();
            case DOUBLE -> new double[] {0.0, -0.0, Double.NaN, random.nextGaussian()}[random.nextInt(4)];
            case BOOLEAN -> random.nextBoolean();
            case TEXT -> "\u00E4b".repeat(random.nextInt(3));
            case BYTEA -> new byte[random.nextInt(3)];
            case NUMERIC -> {
                BigInteger unscaled = new BigInteger(random.nextInt(70), random);
                yield new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(200));
            }
            case DATE -> LocalDate.ofEpochDay(random.nextInt(20_000) - 10_000);
            case TIMESTAMP ->
                LocalDateTime.of(1900, 1, 1, 0, 0)
                        .plusNanos(random.nextLong() >> 1)
                        .withNano(1000);
        };
    }
}
