package dev.cairn.tools.golden;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.tools.Repository;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.stream.Stream;

/**
 * Makes the small database of this format version that stays in the repository for ever: two lives, the second of which was cut
 * short, so that opening has log to redo. To be run once for a format version, see docs/INSPECT.md.
 */
public final class GoldenDatabase {

    private GoldenDatabase() {}

    /** Where the database and the expected outputs of a format version lie. */
    static Path home(int version) {
        return Repository.root().resolve("tools/src/test/resources/golden/v" + version);
    }

    static Path current() {
        return home(ControlSlot.FORMAT_VERSION);
    }

    public static void main(String[] args) throws IOException {
        Path target = current().resolve("db");
        if (Files.exists(target)) {
            throw new IllegalStateException(target + " is there, and stays as it is");
        }
        Path scratch = Files.createTempDirectory("golden");
        DatabaseOptions options = DatabaseOptions.builder()
                .pageSize(512)
                .segmentBytes(16 << 10)
                .walBufferBytes(4 << 10)
                .checkpointBytes(1 << 20)
                .growthBytes(512)
                .cacheBytes(64 << 10)
                .build();
        try (Database database = Database.open(scratch, options)) {
            firstLife(database);
        }
        try (Database database = Database.open(scratch, options)) {
            secondLife(database);
            try (Transaction open = database.begin(TransactionOptions.DEFAULT.withLabel("cut short"))) {
                open.table("orders").insert(Row.of(99L, "never committed", null));
                open.savepoint("inner");
                open.table("orders").insert(Row.of(98L, "nor this", null));
                try (Transaction last = database.begin(TransactionOptions.DEFAULT.withLabel("last"))) {
                    last.table("orders").insert(Row.of(5L, "last", new BigDecimal("5.00")));
                    last.commit();
                }
                copy(scratch, target);
            }
        }
    }

    private static void firstLife(Database database) {
        try (Transaction tx = database.begin()) {
            Schema orders = Schema.builder()
                    .column("id", ColumnType.BIGINT)
                    .column("customer", ColumnType.TEXT)
                    .column("total", ColumnType.numeric(10, 2))
                    .primaryKey("id")
                    .build();
            tx.createTable("orders", orders);
            tx.createIndex("orders", Index.of("orders_by_customer", false, "customer"));
            Table all = tx.createTable(
                    "all_types",
                    Schema.builder()
                            .column("i8", ColumnType.BIGINT)
                            .column("i4", ColumnType.INTEGER)
                            .column("i2", ColumnType.SMALLINT)
                            .column("d", ColumnType.DOUBLE)
                            .column("b", ColumnType.BOOLEAN)
                            .column("t", ColumnType.TEXT)
                            .column("v", ColumnType.varchar(10))
                            .column("y", ColumnType.BYTEA)
                            .column("n", ColumnType.NUMERIC)
                            .column("day", ColumnType.DATE)
                            .column("moment", ColumnType.TIMESTAMP)
                            .build());
            all.insert(Row.of(
                    1L,
                    2,
                    (short) 3,
                    0.5,
                    true,
                    "it's \"so\"\n",
                    "ten",
                    new byte[] {0, -1},
                    new BigDecimal("1.50"),
                    LocalDate.of(2026, 2, 28),
                    LocalDateTime.of(2026, 1, 31, 12, 30, 0, 123_456_000)));
            all.insert(Row.of(null, null, null, null, null, null, null, null, null, null, null));
            Table large = tx.createTable(
                    "large",
                    Schema.builder()
                            .column("text", ColumnType.TEXT)
                            .column("bytes", ColumnType.BYTEA)
                            .build());
            byte[] mixed = new byte[1500];
            for (int i = 0; i < mixed.length; i++) {
                mixed[i] = (byte) (i * i * 31 >> 3);
            }
            large.insert(Row.of("large ".repeat(200), mixed));
            tx.createTable(
                    "dropped", Schema.builder().column("x", ColumnType.BIGINT).build());
            tx.commit();
        }
        try (Transaction tx = database.begin(TransactionOptions.DEFAULT.withLabel("import"))) {
            Table orders = tx.table("orders");
            for (long id = 1; id <= 4; id++) {
                tx.savepoint("row_" + id);
                orders.insert(Row.of(id, "customer " + id, BigDecimal.valueOf(id)));
                tx.savepoint("detail");
                orders.update(row -> true, row -> row.with("total", BigDecimal.TEN));
                tx.release("detail");
                if (id == 3) {
                    tx.rollbackTo("row_3");
                }
                tx.release("row_" + id);
            }
            tx.commit();
        }
        try (Transaction tx = database.begin()) {
            tx.table("orders").delete(row -> row.getLong("id") == 2);
            tx.rollback();
        }
        database.checkpoint();
    }

    private static void secondLife(Database database) {
        try (Transaction tx = database.begin()) {
            tx.dropTable("dropped");
            Table orders = tx.table("orders");
            orders.delete(row -> row.getLong("id") == 1);
            for (long id = 100; id < 130; id++) {
                orders.insert(Row.of(id, "bulk", null));
            }
            tx.commit();
        }
        try (Transaction tx = database.begin()) {
            tx.table("orders").update(row -> row.getLong("id") >= 120, row -> row.with("customer", "changed"));
            tx.commit();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("lock") && !name.contains("scratch")) {
                    Files.copy(file, to.resolve(name));
                }
            }
        }
    }
}
