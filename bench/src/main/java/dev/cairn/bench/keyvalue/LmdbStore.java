package dev.cairn.bench.keyvalue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/** LMDB with its default, synchronous commit. A savepoint is a nested transaction. */
final class LmdbStore implements Store {

    private static final long MAP_BYTES = 8L << 30;
    private static final int MAX_READERS = 128;
    private static final int KEY_BYTES = 16;
    private static final int VALUE_BYTES = 100;

    private final Env<ByteBuffer> environment;
    private final Dbi<ByteBuffer> map;

    LmdbStore(Path directory) {
        environment = Env.create()
                .setMapSize(MAP_BYTES)
                .setMaxDbs(1)
                .setMaxReaders(MAX_READERS)
                .open(directory.toFile());
        map = environment.openDbi("t", DbiFlags.MDB_CREATE);
    }

    @Override
    public Writer write() {
        Deque<Txn<ByteBuffer>> levels = new ArrayDeque<>();
        levels.push(environment.txnWrite());
        ByteBuffer keyBuffer = ByteBuffer.allocateDirect(KEY_BYTES);
        ByteBuffer valueBuffer = ByteBuffer.allocateDirect(VALUE_BYTES);
        return new Writer() {
            @Override
            public void put(byte[] key, byte[] value) {
                keyBuffer.clear().put(key).flip();
                valueBuffer.clear().put(value).flip();
                map.put(levels.element(), keyBuffer, valueBuffer);
            }

            @Override
            public void savepoint() {
                levels.push(environment.txn(levels.element()));
            }

            @Override
            public void release() {
                try (Txn<ByteBuffer> level = levels.pop()) {
                    level.commit();
                }
            }

            @Override
            public void rollbackTo() {
                try (Txn<ByteBuffer> level = levels.pop()) {
                    level.abort();
                }
            }

            @Override
            public void commit() {
                release();
            }
        };
    }

    @Override
    public Reader read() {
        Txn<ByteBuffer> transaction = environment.txnRead();
        ByteBuffer keyBuffer = ByteBuffer.allocateDirect(KEY_BYTES);
        return new Reader() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                keyBuffer.clear().put(key).flip();
                ByteBuffer found = map.get(transaction, keyBuffer);
                return found == null ? null : copy(found);
            }

            @Override
            public void scan(Visitor visitor) {
                try (CursorIterable<ByteBuffer> entries = map.iterate(transaction)) {
                    for (CursorIterable.KeyVal<ByteBuffer> entry : entries) {
                        visitor.row(copy(entry.key()), copy(entry.val()));
                    }
                }
            }

            @Override
            public void close() {
                transaction.close();
            }
        };
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        map.close();
        environment.close();
    }
}
