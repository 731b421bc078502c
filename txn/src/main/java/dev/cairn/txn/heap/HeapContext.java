package dev.cairn.txn.heap;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.txn.RowLocks;
import dev.cairn.txn.StatusWindow;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.wal.WalWriter;
import java.util.ArrayDeque;

/** What every heap of a database works with. Thread-safe. */
public final class HeapContext {

    private static final int POOLED_BUFFERS = 16;

    final PageCache cache;
    final FileTable files;
    final WalWriter wal;
    final TransactionSystem transactions;
    final StatusWindow window;
    final RowLocks rowLocks;
    final Environment environment;
    final int pageSize;
    private final ArrayDeque<PageBuffer> buffers = new ArrayDeque<>();

    public HeapContext(
            PageCache cache,
            FileTable files,
            WalWriter wal,
            TransactionSystem transactions,
            Environment environment,
            int pageSize) {
        this.cache = cache;
        this.files = files;
        this.wal = wal;
        this.transactions = transactions;
        this.window = transactions.window();
        this.rowLocks = transactions.rowLocks();
        this.environment = environment;
        this.pageSize = pageSize;
    }

    /** How many pages of a file are in use. After opening, the file's header page has to be seen first. */
    int usedPages(int fileId) {
        return cache.usedPages(fileId);
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
