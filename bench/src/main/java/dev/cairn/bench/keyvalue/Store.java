package dev.cairn.bench.keyvalue;

import org.jspecify.annotations.Nullable;

/** An engine as a map of 16-byte keys to 100-byte values. Thread-safe; what it hands out belongs to one thread. */
interface Store extends AutoCloseable {

    /** A transaction that writes; ends with the commit, which is durable when it returns. */
    interface Writer {
        void put(byte[] key, byte[] value);

        void savepoint();

        void release();

        void rollbackTo();

        void commit();
    }

    /** Gets a row of a scan; the arrays are copies. */
    interface Visitor {
        void row(byte[] key, byte[] value);
    }

    /** Reads one state of the data. */
    interface Reader extends AutoCloseable {
        /** A copy of the value; null if there is none. */
        byte @Nullable [] get(byte[] key);

        /** Copies out all keys and values in the keys' order. */
        void scan(Visitor visitor);

        @Override
        void close();
    }

    Writer write();

    Reader read();

    @Override
    void close();
}
