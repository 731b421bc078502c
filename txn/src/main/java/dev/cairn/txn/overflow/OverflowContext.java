package dev.cairn.txn.overflow;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.StatusWindow;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.txn.heap.HeapFiles;
import dev.cairn.wal.WalWriter;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;

/** What the overflow files of a database work with. Thread-safe. */
public final class OverflowContext {

    private static final int POOLED_BUFFERS = 4;

    final PageCache cache;
    final FileTable files;
    final HeapFiles headers;
    final WalWriter wal;
    final TransactionSystem transactions;
    final StatusWindow window;
    final Environment environment;
    final int pageSize;
    final LongAdder valuesRead = new LongAdder();
    private final ArrayDeque<PageBuffer> buffers = new ArrayDeque<>();

    public OverflowContext(
            PageCache cache,
            FileTable files,
            HeapFiles headers,
            WalWriter wal,
            TransactionSystem transactions,
            Environment environment) {
        this.cache = cache;
        this.files = files;
        this.headers = headers;
        this.wal = wal;
        this.transactions = transactions;
        this.window = transactions.window();
        this.environment = environment;
        this.pageSize = cache.pageSize();
    }

    /** How many values have been read since the opening. */
    public long valuesRead() {
        return valuesRead.sum();
    }

    /** A private page for a reader, to be given back. */
    PageBuffer takeBuffer() {
        synchronized (buffers) {
            PageBuffer buffer = buffers.pollLast();
            if (buffer != null) {
                return buffer;
            }
        }
        environment.memory().taking(pageSize);
        return PageBuffer.allocate(pageSize);
    }

    void giveBuffer(PageBuffer buffer) {
        synchronized (buffers) {
            if (buffers.size() < POOLED_BUFFERS) {
                buffers.addLast(buffer);
            }
        }
    }
}
