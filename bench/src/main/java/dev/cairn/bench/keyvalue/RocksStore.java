package dev.cairn.bench.keyvalue;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.WriteOptions;

/** RocksDB's TransactionDB, each write to the log synced. Its Java API has no release of a savepoint: it stays. */
final class RocksStore implements Store {

    private static final long CACHE_BYTES = 1L << 30;

    private final TransactionDB database;
    private final WriteOptions durable;

    RocksStore(Path directory) {
        RocksDB.loadLibrary();
        durable = new WriteOptions().setSync(true);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(new LRUCache(CACHE_BYTES)));
        try {
            database = TransactionDB.open(options, new TransactionDBOptions(), directory.toString());
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Writer write() {
        Transaction transaction = database.beginTransaction(durable);
        return new Writer() {
            @Override
            public void put(byte[] key, byte[] value) {
                run(() -> transaction.put(key, value));
            }

            @Override
            public void savepoint() {
                run(transaction::setSavePoint);
            }

            @Override
            public void release() {
                // There is none.
            }

            @Override
            public void rollbackTo() {
                run(transaction::rollbackToSavePoint);
            }

            @Override
            public void commit() {
                run(transaction::commit);
                transaction.close();
            }
        };
    }

    /** An action of RocksDB. */
    private interface Action {
        void run() throws RocksDBException;
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Reader read() {
        Snapshot snapshot = database.getSnapshot();
        ReadOptions options = new ReadOptions().setSnapshot(snapshot);
        return new Reader() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                try {
                    return database.get(options, key);
                } catch (RocksDBException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void scan(Visitor visitor) {
                try (RocksIterator entries = database.newIterator(options)) {
                    for (entries.seekToFirst(); entries.isValid(); entries.next()) {
                        visitor.row(entries.key(), entries.value());
                    }
                }
            }

            @Override
            public void close() {
                database.releaseSnapshot(snapshot);
                options.close();
            }
        };
    }

    @Override
    public void close() {
        durable.close();
        database.close();
    }
}
