package dev.cairn.bench.keyvalue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;
import org.h2.mvstore.type.BasicDataType;
import org.jspecify.annotations.Nullable;

/** H2's MVStore under its TransactionStore; a commit is stored and synced. */
final class MvStore implements Store {

    private static final int CACHE_MEGABYTES = 1024;

    /** Byte arrays in unsigned order; MVStore's own type of them has none. */
    private static final class Bytes extends BasicDataType<byte[]> {
        static final Bytes TYPE = new Bytes();

        private static final int OVERHEAD = 24;

        @Override
        public int compare(byte[] a, byte[] b) {
            return Arrays.compareUnsigned(a, b);
        }

        @Override
        public int getMemory(byte[] bytes) {
            return OVERHEAD + bytes.length;
        }

        @Override
        public void write(WriteBuffer out, byte[] bytes) {
            out.putVarInt(bytes.length).put(bytes);
        }

        @Override
        public byte[] read(ByteBuffer in) {
            byte[] bytes = new byte[DataUtils.readVarInt(in)];
            in.get(bytes);
            return bytes;
        }

        @Override
        public byte[][] createStorage(int size) {
            return new byte[size][];
        }
    }

    private final MVStore store;
    private final TransactionStore transactions;

    MvStore(Path directory) {
        store = new MVStore.Builder()
                .fileName(directory.resolve("h2.mv").toString())
                .cacheSize(CACHE_MEGABYTES)
                .autoCommitDisabled()
                .open();
        transactions = new TransactionStore(store);
        transactions.init();
        begin().commit();
    }

    private Transaction begin() {
        Transaction transaction = transactions.begin();
        map(transaction);
        return transaction;
    }

    private static TransactionMap<byte[], byte[]> map(Transaction transaction) {
        return transaction.openMap("t", Bytes.TYPE, Bytes.TYPE);
    }

    @Override
    public Writer write() {
        Transaction transaction = begin();
        TransactionMap<byte[], byte[]> map = map(transaction);
        Deque<Long> savepoints = new ArrayDeque<>();
        return new Writer() {
            @Override
            public void put(byte[] key, byte[] value) {
                map.put(key, value);
            }

            @Override
            public void savepoint() {
                savepoints.push(transaction.setSavepoint());
            }

            @Override
            public void release() {
                savepoints.pop();
            }

            @Override
            public void rollbackTo() {
                transaction.rollbackToSavepoint(savepoints.pop());
            }

            @Override
            public void commit() {
                transaction.commit();
                store.commit();
                store.sync();
            }
        };
    }

    @Override
    public Reader read() {
        Transaction transaction = begin();
        TransactionMap<byte[], byte[]> map = map(transaction);
        return new Reader() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                return map.get(key);
            }

            @Override
            public void scan(Visitor visitor) {
                Iterator<Map.Entry<byte[], byte[]>> entries = map.entryIterator(null, null);
                while (entries.hasNext()) {
                    Map.Entry<byte[], byte[]> entry = entries.next();
                    visitor.row(entry.getKey().clone(), entry.getValue().clone());
                }
            }

            @Override
            public void close() {
                transaction.rollback();
            }
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
