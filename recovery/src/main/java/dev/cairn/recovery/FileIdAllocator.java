package dev.cairn.recovery;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives out ids of data files, ascending, each once (I6): a dropped file's id never comes back, so a log record can never
 * meet another file under its file's id. Thread-safe.
 */
public final class FileIdAllocator {

    private final AtomicInteger next;

    FileIdAllocator(int next) {
        this.next = new AtomicInteger(next);
    }

    /** @throws IllegalStateException after 2,147,483,646 files */
    public int allocate() {
        int id = next.getAndUpdate(n -> n == Integer.MAX_VALUE ? n : n + 1);
        if (id == Integer.MAX_VALUE) {
            throw new IllegalStateException("all ids of data files have been used");
        }
        return id;
    }

    /** An id has been given out before, though the log does not know it. */
    public void use(int id) {
        next.accumulateAndGet(id, (now, used) -> used < now ? now : used == Integer.MAX_VALUE ? used : used + 1);
    }

    /** The id that comes next; all below it have been given out. */
    public int next() {
        return next.get();
    }
}
