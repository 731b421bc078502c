package dev.cairn.engine;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.Disk;
import java.nio.file.Path;

/** A database in a directory. Thread-safe. */
public final class Database implements AutoCloseable {
    public static Database open(Path directory) {
        throw new UnsupportedOperationException();
    }

    public static Database open(Path directory, DatabaseOptions options) {
        throw new UnsupportedOperationException();
    }

    public static Database open(Disk disk, DatabaseOptions options, Environment environment) {
        throw new UnsupportedOperationException();
    }

    public Transaction begin() {
        throw new UnsupportedOperationException();
    }

    public Transaction begin(TransactionOptions options) {
        throw new UnsupportedOperationException();
    }

    public DatabaseStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    public void checkpoint() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
