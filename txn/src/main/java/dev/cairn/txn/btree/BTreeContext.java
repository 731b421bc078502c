package dev.cairn.txn.btree;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.WalWriter;
import java.util.ArrayDeque;

/** What every index of a database works with. Thread-safe. */
public final class BTreeContext {

    private static final int POOLED_BUFFERS = 16;

    final PageCache cache;
    final WalWriter wal;
    final Scheduler scheduler;
    final Health health;
    final int pageSize;
    private final ArrayDeque<PageBuffer> buffers = new ArrayDeque<>();

    public BTreeContext(PageCache cache, WalWriter wal, Environment environment, Health health) {
        this.cache = cache;
        this.wal = wal;
        this.scheduler = environment.scheduler();
        this.health = health;
        this.pageSize = cache.pageSize();
    }

    /** A private page for a reader, to be given back. */
    PageBuffer takeBuffer() {
        synchronized (buffers) {
            PageBuffer buffer = buffers.pollLast();
            return buffer != null ? buffer : PageBuffer.allocate(pageSize);
        }
    }

    void giveBuffer(PageBuffer buffer) {
        synchronized (buffers) {
            if (buffers.size() < POOLED_BUFFERS) {
                buffers.addLast(buffer);
            }
        }
    }
}
