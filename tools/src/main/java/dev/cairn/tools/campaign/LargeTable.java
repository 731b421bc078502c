package dev.cairn.tools.campaign;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.RowId;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A table many times larger than the cache: inserted with savepoints, checkpointed, reopened, read back byte by byte,
 * updated here and there, read back again. What a row must hold follows from its id and version. Not thread-safe.
 */
public final class LargeTable {

    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .notNull()
            .column("version", ColumnType.INTEGER)
            .notNull()
            .column("payload", ColumnType.BYTEA)
            .notNull()
            .build();

    private static final String NAME = "large";
    private static final int PAYLOAD_BYTES = 1_000;
    private static final int ROWS_PER_TRANSACTION = 10_000;
    private static final int ROWS_PER_SAVEPOINT = 500;
    /** Every so many savepoints, some rows are inserted and rolled back. */
    private static final int SAVEPOINTS_PER_ROLLBACK = 10;

    private static final int UPDATES = 20_000;

    /**
     * What was done and found.
     *
     * @param rows rows in the table
     * @param payloadBytes of those rows
     * @param updated rows that were updated and committed
     */
    public record Result(long rows, long payloadBytes, long updated) {}

    private final Path directory;
    private final DatabaseOptions options;
    private final long rows;
    private final Consumer<String> progress;

    /**
     * @param bytes size of the table, about
     * @param cacheBytes memory for pages
     */
    public LargeTable(Path directory, long bytes, long cacheBytes, Consumer<String> progress) {
        this.directory = directory;
        this.options = DatabaseOptions.builder().cacheBytes(cacheBytes).build();
        this.rows = Math.max(1, bytes / PAYLOAD_BYTES);
        this.progress = progress;
    }

    /** @throws IllegalStateException if the table is not what it must be */
    public Result run() {
        try (Database database = Database.open(directory, options)) {
            insert(database);
            progress.accept("checkpoint");
            database.checkpoint();
        }
        long[] sample = new long[(int) Math.min(rows, UPDATES)];
        RowId[] ids = new RowId[sample.length];
        long updated;
        progress.accept("reopen");
        try (Database database = Database.open(directory, options)) {
            verify(database, new boolean[0], sample, ids);
            boolean[] kept = update(database, sample, ids);
            updated = count(kept);
            verify(database, kept, sample, new RowId[0]);
        }
        progress.accept("reopen after the updates");
        try (Database database = Database.open(directory, options)) {
            boolean[] kept = keptUpdates(sample.length);
            verify(database, kept, sample, new RowId[0]);
        }
        return new Result(rows, rows * PAYLOAD_BYTES, updated);
    }

    private void insert(Database database) {
        try (Transaction transaction = database.begin()) {
            transaction.createTable(NAME, SCHEMA);
            transaction.commit();
        }
        long id = 0;
        int savepoints = 0;
        while (id < rows) {
            try (Transaction transaction = database.begin()) {
                Table table = transaction.table(NAME);
                long end = Math.min(rows, id + ROWS_PER_TRANSACTION);
                while (id < end) {
                    if (savepoints++ % SAVEPOINTS_PER_ROLLBACK == 0) {
                        transaction.savepoint("undone");
                        table.insert(Row.of(-1L - id, 0, payload(-1 - id, 0)));
                        transaction.rollbackTo("undone");
                        transaction.release("undone");
                    }
                    transaction.savepoint("kept");
                    for (int i = 0; i < ROWS_PER_SAVEPOINT && id < end; i++, id++) {
                        table.insert(Row.of(id, 0, payload(id, 0)));
                    }
                    transaction.release("kept");
                }
                transaction.commit();
            }
            if (id % (20L * ROWS_PER_TRANSACTION) == 0 || id == rows) {
                progress.accept("insert " + id + " of " + rows + " rows");
            }
        }
    }

    /** Rows that the updates choose, spread over the table: number i is this one. */
    private long sampled(int i, int samples) {
        return rows / samples * i;
    }

    /**
     * Reads everything.
     *
     * @param updated which of the samples have version 1; empty for none
     * @param sample gets the ids of the samples
     * @param ids gets where they are, unless empty
     */
    private void verify(Database database, boolean[] updated, long[] sample, RowId[] ids) {
        for (int i = 0; i < sample.length; i++) {
            sample[i] = sampled(i, sample.length);
        }
        long count = 0;
        long idSum = 0;
        try (Transaction transaction = database.begin();
                Scan scan = transaction.table(NAME).scan()) {
            while (scan.hasNext()) {
                Row row = scan.next();
                long id = row.getLong("id");
                int at = Arrays.binarySearch(sample, id);
                int version = at >= 0 && updated.length > 0 && updated[at] ? 1 : 0;
                requireRow(row, id, version);
                if (at >= 0 && ids.length > 0) {
                    ids[at] = row.id();
                }
                count++;
                idSum += id;
                if (count % 200_000 == 0) {
                    progress.accept("read " + count + " of " + rows + " rows");
                }
            }
        }
        long expectedSum = rows * (rows - 1) / 2;
        if (count != rows || idSum != expectedSum) {
            throw new IllegalStateException("expected " + rows + " rows with ids adding up to " + expectedSum
                    + ", found " + count + " with " + idSum);
        }
    }

    private void requireRow(Row row, long id, int version) {
        if (id < 0 || id >= rows || row.getInt("version") != version) {
            throw new IllegalStateException("row " + id + ": expected version " + version + " and an id below " + rows
                    + ", found version " + row.getInt("version"));
        }
        if (!Arrays.equals((byte[]) row.get("payload"), payload(id, version))) {
            throw new IllegalStateException("row " + id + " does not hold the bytes that were written");
        }
    }

    /** @return which updates were kept; every third is rolled back to its savepoint */
    private boolean[] update(Database database, long[] sample, RowId[] ids) {
        boolean[] kept = keptUpdates(sample.length);
        List<Integer> order = shuffled(sample.length);
        for (int from = 0; from < order.size(); from += 1_000) {
            try (Transaction transaction = database.begin()) {
                Table table = transaction.table(NAME);
                for (int i : order.subList(from, Math.min(order.size(), from + 1_000))) {
                    transaction.savepoint("row");
                    if (!table.update(ids[i], Row.of(sample[i], 1, payload(sample[i], 1)))) {
                        throw new IllegalStateException("row " + sample[i] + " is not where the scan found it");
                    }
                    if (!kept[i]) {
                        transaction.rollbackTo("row");
                    }
                    transaction.release("row");
                }
                transaction.commit();
            }
        }
        progress.accept("updated " + count(kept) + " rows");
        return kept;
    }

    private static boolean[] keptUpdates(int samples) {
        boolean[] kept = new boolean[samples];
        for (int i = 0; i < samples; i++) {
            kept[i] = i % 3 != 0;
        }
        return kept;
    }

    private static long count(boolean[] kept) {
        long count = 0;
        for (boolean one : kept) {
            count += one ? 1 : 0;
        }
        return count;
    }

    private static List<Integer> shuffled(int count) {
        Integer[] order = new Integer[count];
        SplittableRandom random = new SplittableRandom(count);
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return Arrays.asList(order);
    }

    private static byte[] payload(long id, int version) {
        byte[] bytes = new byte[PAYLOAD_BYTES];
        new SplittableRandom(id * 2 + version).nextBytes(bytes);
        return bytes;
    }
}
