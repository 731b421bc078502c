package dev.cairn.fuzz.corrupt;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the lives of a {@link Reference} write, so that its files hold everything that files can hold: several tables and indexes
 * of two levels, updates, deletes, savepoints kept and rolled back, more of them than a transaction advertises, transactions rolled
 * back, chains of updates that were pruned, large values plain and compressed, kept, deleted and rolled back, freed pages of every
 * kind, a dropped table, checkpoints.
 */
final class ReferenceHistory {

    private static final int TABLES = 3;
    private static final int TRANSACTIONS = 24;
    private static final int IDS_PER_LIFE = 1000;
    /** More than a transaction advertises. */
    private static final int SAVEPOINTS = 70;

    private static final int HOT_ROWS = 5;
    private static final int HOT_UPDATES = 40;
    private static final int MOVING_ROWS = 40;
    private static final int MOVES = 6;

    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .notNull()
            .column("name", ColumnType.TEXT)
            .column("noise", ColumnType.BYTEA)
            .build();

    private static final List<Index> INDEXES = List.of(
            Index.of("t0_id", false, "id"),
            new Index("t1_name", false, false, List.of(Index.Part.descending("name"), Index.Part.ascending("id"))),
            Index.of("t2_name", false, "name"));

    private static final String KEYED = "keyed";
    private static final Schema KEYED_SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("name", ColumnType.TEXT)
            .primaryKey("id")
            .unique("name", "id")
            .build();

    private static final String HOT = "hot";
    private static final String MOVING = "moving";
    private static final Schema NUMBERS_SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("n", ColumnType.BIGINT)
            .primaryKey("id")
            .build();

    static final String LARGE = "large";
    private static final Schema LARGE_SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("note", ColumnType.TEXT)
            .column("body", ColumnType.BYTEA)
            .primaryKey("id")
            .build();

    private final Database database;
    private final SplittableRandom random;
    private final int life;

    private ReferenceHistory(Database database, SplittableRandom random, int life) {
        this.database = database;
        this.random = random;
        this.life = life;
    }

    /** Writes what the life writes, the first one's being number 0. */
    static void write(Database database, SplittableRandom random, int life) {
        ReferenceHistory history = new ReferenceHistory(database, random, life);
        if (life == 0) {
            history.create();
        }
        history.transactions();
        history.moveKeys();
        history.hotUpdates();
        history.manySavepoints();
        history.largeValues();
        history.shortLived();
    }

    /** Another value for the second column of a row of one of the tables. */
    static Object another(Row row) {
        return row.get(1) instanceof Long number ? (Object) (number + 1) : "touched";
    }

    private void create() {
        for (int i = 0; i < TABLES; i++) {
            try (Transaction transaction = database.begin()) {
                transaction.createTable("t" + i, SCHEMA);
                transaction.createIndex("t" + i, INDEXES.get(i));
                transaction.commit();
            }
        }
        try (Transaction transaction = database.begin()) {
            transaction.createTable(KEYED, KEYED_SCHEMA);
            transaction.createTable(HOT, NUMBERS_SCHEMA);
            transaction.createTable(MOVING, NUMBERS_SCHEMA);
            transaction.createTable(LARGE, LARGE_SCHEMA);
            for (long id = 0; id < HOT_ROWS; id++) {
                transaction.table(HOT).insert(Row.of(id, id));
            }
            for (long id = 0; id < MOVING_ROWS; id++) {
                transaction.table(MOVING).insert(Row.of(id, id));
            }
            transaction.commit();
        }
    }

    private void transactions() {
        for (int i = 0; i < TRANSACTIONS; i++) {
            try (Transaction transaction = database.begin()) {
                transaction.table(KEYED).insert(Row.of(id(i), "keyed " + random.nextInt(9)));
                Table table = transaction.table("t" + random.nextInt(TABLES));
                insert(table);
                transaction.savepoint("a");
                insert(table);
                transaction.savepoint("b");
                long some = random.nextInt(200);
                table.update(row -> row.getLong("id") == some, row -> row.with("name", "changed"));
                if (random.nextBoolean()) {
                    transaction.rollbackTo(random.nextBoolean() ? "a" : "b");
                    insert(table);
                }
                long gone = random.nextInt(400);
                table.delete(row -> row.getLong("id") == gone);
                if (random.nextInt(5) == 0) {
                    transaction.rollback();
                } else {
                    transaction.commit();
                }
            }
        }
    }

    private long id(int number) {
        return (long) life * IDS_PER_LIFE + number;
    }

    private void insert(Table table) {
        table.insert(Row.of((long) random.nextInt(400), "name " + random.nextInt(1000), noise(random.nextInt(60))));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    /** Keys that move on: the leaves on which they stood become empty and free. */
    private void moveKeys() {
        for (int i = 0; i < MOVES; i++) {
            try (Transaction transaction = database.begin()) {
                transaction.table(MOVING).update(row -> true, row -> row.with("id", row.getLong("id") + MOVING_ROWS));
                transaction.commit();
            }
        }
    }

    /** Updates that change no indexed column: chains that are pruned. */
    private void hotUpdates() {
        for (int i = 0; i < HOT_UPDATES; i++) {
            try (Transaction transaction = database.begin()) {
                hotUpdate(transaction, i % HOT_ROWS);
                transaction.commit();
            }
        }
    }

    private static void hotUpdate(Transaction transaction, long id) {
        transaction.table(HOT).update(row -> row.getLong("id") == id, row -> row.with("n", row.getLong("n") + 1));
    }

    private void manySavepoints() {
        try (Transaction transaction = database.begin()) {
            for (int i = 0; i < SAVEPOINTS; i++) {
                transaction.savepoint("s");
                hotUpdate(transaction, 0);
                if (i % 5 == 0) {
                    transaction.rollbackTo("s");
                } else if (i % 2 == 0) {
                    transaction.release("s");
                }
            }
            transaction.commit();
        }
    }

    /** Values that lie plain and compressed on several pages; of those that went some pages are free, others not yet. */
    private void largeValues() {
        byte[] once = noise(500);
        byte[] twice = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, twice, once.length, once.length);
        try (Transaction transaction = database.begin()) {
            Table large = transaction.table(LARGE);
            large.insert(Row.of(id(0), "plain", noise(1000)));
            large.insert(Row.of(id(1), "blocks", twice));
            large.insert(Row.of(id(2), "of one page ".repeat(100), null));
            large.insert(Row.of(id(3), "that goes", noise(1500)));
            transaction.commit();
        }
        try (Transaction transaction = database.begin()) {
            Table large = transaction.table(LARGE);
            large.update(row -> row.getLong("id") == id(0), row -> row.with("note", "kept"));
            large.delete(row -> row.getLong("id") == id(3) || row.getLong("id") == id(1) - IDS_PER_LIFE);
            transaction.commit();
        }
        try (Transaction transaction = database.begin()) {
            Table large = transaction.table(LARGE);
            large.insert(Row.of(id(4), "after it", noise(600)));
            transaction.savepoint("a");
            large.insert(Row.of(id(5), "not here to stay", noise(600)));
            large.delete(row -> row.getLong("id") == id(0));
            transaction.rollbackTo("a");
            transaction.commit();
        }
    }

    private void shortLived() {
        try (Transaction transaction = database.begin()) {
            transaction.createTable("short_lived", SCHEMA);
            transaction.createIndex("t0", Index.of("short_lived_index", false, "noise"));
            transaction.commit();
        }
        try (Transaction transaction = database.begin()) {
            transaction.dropTable("short_lived");
            transaction.dropIndex("short_lived_index");
            transaction.commit();
        }
    }
}
