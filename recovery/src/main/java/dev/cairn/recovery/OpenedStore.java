package dev.cairn.recovery;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.txn.TransactionSystem;
import java.util.List;

/**
 * An open database below the catalog: everything that {@link Recovery} put together. Also to come, as their modules do:
 * {@code WalWriter wal()}, {@code FileTable files()}, {@code PageCache cache()}.
 */
public final class OpenedStore implements AutoCloseable {

    OpenedStore() {}

    public StoreOptions options() {
        throw new UnsupportedOperationException();
    }

    public Environment environment() {
        throw new UnsupportedOperationException();
    }

    public Health health() {
        throw new UnsupportedOperationException();
    }

    public TransactionSystem transactions() {
        throw new UnsupportedOperationException();
    }

    public Checkpointer checkpointer() {
        throw new UnsupportedOperationException();
    }

    public FileIdAllocator fileIds() {
        throw new UnsupportedOperationException();
    }

    public RecoveryReport report() {
        throw new UnsupportedOperationException();
    }

    /** Unlinks the data files that nobody wants. Returns their ids. */
    public List<Integer> removeOrphans(FileReferees referees) {
        throw new UnsupportedOperationException();
    }

    /** Starts the background work: log flusher, checkpointer, page writer. */
    public void startBackground() {
        throw new UnsupportedOperationException();
    }

    /** Closes cleanly; the transactions must have been closed. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
