package dev.cairn.storage.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.testing.MemoryDisk;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Hot paths allocate nothing. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 20_000;
    private static final int FILE = CacheFixture.FILE;

    /** Keeps results in use. */
    private static volatile long sink;

    private final CacheFixture db = new CacheFixture(new MemoryDisk(), 8192, 64, PageSource.READ);

    @Test
    void copiesOfPagesInTheCache() {
        db.createFile(40);
        PageBuffer into = PageBuffer.allocate(8192);
        allocatesNothing(() -> db.cache.copy(FILE, 17, into));
    }

    @Test
    void optimisticReads() {
        db.createFile(40);
        allocatesNothing(() -> {
            Frame frame = db.cache.find(FILE, 23);
            long begun = frame.beginRead();
            sink = frame.page().getLong(100);
            sink = frame.validate(begun, FILE, 23) ? 1 : 0;
        });
    }

    @Test
    void latches() {
        db.createFile(40);
        allocatesNothing(() -> {
            Frame frame = db.cache.latch(FILE, 23);
            frame.markDirty();
            db.cache.unlatch(frame);
        });
    }

    @Test
    void heapPages() {
        PageBuffer page = PageBuffer.allocate(8192);
        byte[] row = new byte[50];
        int[] slots = {3};
        HeapPage.init(page, FILE, 1, 0);
        for (int slot = 0; slot < 10; slot++) {
            HeapPage.insert(page, slot, 5, 6, 7, row, 0, row.length);
        }
        allocatesNothing(() -> {
            for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
                if (HeapPage.isUsed(page, slot) && HeapPage.canHold(page, 9)) {
                    sink = HeapPage.xmin(page, slot)
                            + HeapPage.xmax(page, slot)
                            + HeapPage.flags(page, slot)
                            + HeapPage.command(page, slot)
                            + HeapPage.forward(page, slot)
                            + HeapPage.dataOffset(page, slot)
                            + HeapPage.dataLength(page, slot)
                            + HeapPage.freeSpace(page);
                }
            }
            HeapPage.markDeleted(page, 4, 9, 1, 1, 77);
            HeapPage.freeze(page, slots);
        });
    }

    /** A few bytes in many rounds are the measurement's own. */
    private static void allocatesNothing(Runnable hotPath) {
        for (int i = 0; i < ROUNDS; i++) {
            hotPath.run();
        }
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < ROUNDS; i++) {
            hotPath.run();
        }
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(allocated < ROUNDS / 10, allocated + " bytes in " + ROUNDS + " rounds");
    }
}
