package dev.cairn.bench.keyvalue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.RowView;
import dev.cairn.engine.Savepoint;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.txn.IsolationLevel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Cairn: a table with a primary key, durability SYNC, which is the default. */
final class CairnStore implements Store {

    private static final long CACHE_BYTES = 1L << 30;
    private static final Schema SCHEMA = Schema.builder()
            .column("k", ColumnType.BYTEA)
            .column("v", ColumnType.BYTEA)
            .primaryKey("k")
            .build();

    private final Database database;

    CairnStore(Path directory, boolean hugePages) {
        database = Database.open(
                directory,
                DatabaseOptions.builder()
                        .cacheBytes(CACHE_BYTES)
                        .hugePages(hugePages)
                        .build());
        try (Transaction transaction = database.begin()) {
            transaction.createTable("t", SCHEMA);
            transaction.commit();
        }
    }

    @Override
    public Writer write() {
        Transaction transaction = database.begin();
        Table table = transaction.table("t");
        Deque<Savepoint> savepoints = new ArrayDeque<>();
        return new Writer() {
            @Override
            public void put(byte[] key, byte[] value) {
                table.insert(Row.of(key, value));
            }

            @Override
            public void savepoint() {
                savepoints.push(transaction.savepoint("s"));
            }

            @Override
            public void release() {
                savepoints.pop().release();
            }

            @Override
            public void rollbackTo() {
                // And gives it up, as going back does in the other stores: else the next one is opened inside it.
                savepoints.pop().close();
            }

            @Override
            public void commit() {
                transaction.commit();
            }
        };
    }

    @Override
    public Reader read() {
        Transaction transaction = database.begin(TransactionOptions.DEFAULT
                .withIsolation(IsolationLevel.REPEATABLE_READ)
                .withReadOnly(true));
        Table table = transaction.table("t");
        RowView view = new RowView();
        return new Reader() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                return table.read(key, view) ? view.getBytes(1) : null;
            }

            @Override
            public void scan(Visitor visitor) {
                try (Scan scan = table.scan(KeyRange.all("t_pkey"))) {
                    while (scan.next(view)) {
                        visitor.row(view.getBytes(0), view.getBytes(1));
                    }
                }
            }

            @Override
            public void close() {
                transaction.close();
            }
        };
    }

    @Override
    public void close() {
        database.close();
    }
}
