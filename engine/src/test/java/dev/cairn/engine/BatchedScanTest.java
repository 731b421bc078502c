package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows that an index leads to are read in batches, ahead of whoever asks for them: what he gets is what his snapshot saw when the
 * scan began, whatever is changed, rolled back, split and pruned between two rows.
 */
class BatchedScanTest {

    private static final int KEYS = 400;
    private static final int ROUNDS = 60;
    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BIGINT)
            .column("v", ColumnType.BIGINT)
            .column("pad", ColumnType.TEXT)
            .primaryKey("k")
            .build();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void aScanGivesWhatItsSnapshotSaw(IsolationLevel isolation) {
        run(isolation, key -> (int) (key % 40));
    }

    /** Where they stand is then known without their pages' line pointers, until something changes. */
    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void aScanOfRowsThatAreEquallyLongDoes(IsolationLevel isolation) {
        run(isolation, key -> 20);
    }

    private void run(IsolationLevel isolation, LongToIntFunction length) {
        Random random = new Random(isolation.ordinal());
        DatabaseOptions options = DatabaseOptions.builder().pageSize(1024).build();
        try (Database db = Database.open(directory, options)) {
            try (Transaction tx = db.begin()) {
                Table table = tx.createTable("t", SCHEMA);
                for (long key = 0; key < KEYS; key += 2) {
                    table.insert(row(key, 0, length));
                }
                tx.commit();
            }
            for (int round = 0; round < ROUNDS; round++) {
                if (round == ROUNDS / 2) {
                    try (Transaction tx = db.begin()) {
                        // Made when chains of versions are there: its entries are looked at one by one.
                        tx.createIndex("t", Index.of("t_v", false, "v"));
                        tx.commit();
                    }
                }
                round(db, isolation, random, round >= ROUNDS / 2, length);
            }
        }
    }

    private static void round(
            Database db, IsolationLevel isolation, Random random, boolean second, LongToIntFunction length) {
        try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withIsolation(isolation))) {
            Table table = tx.table("t");
            change(tx, table, random, length);
            TreeMap<Long, Long> expected = new TreeMap<>();
            table.scan().forEachRemaining(row -> expected.put(row.getLong("k"), row.getLong("v")));
            long from = random.nextInt(KEYS);
            long to = from + random.nextInt(KEYS);
            KeyRange range = KeyRange.all("t_pkey").from(from).before(to);
            NavigableMap<Long, Long> inside = expected.subMap(from, true, to, false);
            boolean backwards = random.nextBoolean();
            List<Long> found = new ArrayList<>();
            RowView view = new RowView();
            // Another transaction's changes cannot be waited for in one thread: it has rows of its own.
            try (Transaction other = db.begin();
                    Scan scan = table.scan(backwards ? range.reversed() : range)) {
                Table others = other.table("t");
                int meet = random.nextInt(20) + 1;
                while (scan.next(view)) {
                    found.add(view.getLong(0));
                    assertEquals(expected.get(view.getLong(0)), view.getLong(1));
                    if (found.size() % meet == 0) {
                        change(tx, table, random, length);
                        others.insert(row(KEYS + random.nextInt(1 << 30), 1, length));
                    }
                }
                other.rollback();
            }
            List<Long> keys = new ArrayList<>((backwards ? inside.descendingMap() : inside).keySet());
            assertEquals(keys, found);
            if (second) {
                List<Long> values = new ArrayList<>();
                table.scan(KeyRange.all("t_v")).forEachRemaining(row -> values.add(row.getLong("v")));
                List<Long> sorted = new ArrayList<>();
                table.scan().forEachRemaining(row -> sorted.add(row.getLong("v")));
                assertEquals(sorted.stream().sorted().toList(), values);
            }
            if (random.nextInt(4) > 0) {
                tx.commit();
            }
        }
    }

    private static void change(Transaction tx, Table table, Random random, LongToIntFunction length) {
        for (int i = random.nextInt(6); i >= 0; i--) {
            long key = random.nextInt(KEYS);
            Savepoint savepoint = tx.savepoint("s");
            switch (random.nextInt(3)) {
                case 0 -> table.insertUnlessThere(row(key, 0, length), List.of());
                case 1 -> table.delete(KeyRange.prefix("t_pkey", key), row -> true, row -> {});
                default ->
                    table.update(
                            KeyRange.prefix("t_pkey", key),
                            row -> true,
                            row -> row.with("v", row.getLong("v") + 1),
                            row -> {});
            }
            if (random.nextInt(3) == 0) {
                savepoint.rollbackTo();
            }
            savepoint.release();
        }
    }

    private static Row row(long key, long value, LongToIntFunction length) {
        return Row.of(key, value, "x".repeat(length.applyAsInt(key)));
    }
}
