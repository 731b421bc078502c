package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DiskFullException;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.storage.testing.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XidMemoryTest {

    private static final int CELLS = XidCells.BYTES;

    private final TransactionStatus status = TransactionStatus.create(new MemoryDisk(), Store.PAGE_SIZE, Store.SEED);

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aboveTheCapWordsLieInScratch(@TempDir Path directory) {
        RealDisk disk = new RealDisk(directory);
        XidMemory memory = new XidMemory(disk::scratch, 2 * CELLS);
        XidDirectory chunks = new XidDirectory(memory);
        StatusWindow window = new StatusWindow(chunks, status);
        Subtrans subtrans = new Subtrans(chunks, window);
        window.restore(XidAllocator.FIRST);
        int count = 10 * XidChunk.IDS;
        long top = XidAllocator.FIRST;
        window.begin(top, top);
        for (long xid = top + 1; xid < count; xid++) {
            window.begin(xid, top);
            subtrans.assign(xid, xid - 1);
        }
        assertEquals(2 * CELLS, window.memoryBytes());
        assertEquals(18 * CELLS, window.scratchBytes());
        for (long xid = top + 1; xid < count; xid++) {
            assertEquals(StatusWindow.IN_PROGRESS, StatusWindow.tag(window.word(xid)));
            assertEquals(top, StatusWindow.value(window.word(xid)));
            assertEquals(xid - 1, subtrans.parent(xid));
        }
        assertTrue(disk.list().isEmpty());

        window.commitTop(top, 500);
        status.commit(top, count - top);
        window.stamp(top + 1, count - top - 1, 500);
        window.settle(top, count - top, 500);
        assertFalse(window.trim(499));
        assertTrue(window.trim(500));
        assertEquals(0, window.memoryBytes() + window.scratchBytes());
        assertEquals(StatusWindow.COMMITTED, StatusWindow.tag(window.word(count - 1)));
        assertEquals(0, subtrans.parent(count - 1));
        // Used again, and clean.
        window.begin(count, count);
        window.begin(count + XidChunk.IDS, count);
        window.begin(count + 2 * XidChunk.IDS, count);
        assertEquals(CELLS, window.scratchBytes());
        assertEquals(0, chunks.require(count + 2 * XidChunk.IDS).word(count + 2 * XidChunk.IDS + 1));
    }

    @Test
    void withoutScratchTheHeapHasToDo() {
        XidMemory none = new XidMemory(bytes -> null, 0);
        assertNull(none.allocate().region());
        XidMemory full = new XidMemory(
                bytes -> {
                    throw new DiskFullException("full", null);
                },
                0);
        assertNull(full.allocate().region());
        assertEquals(CELLS, full.heapBytes());
        XidMemory some = new XidMemory(XidMemoryTest::direct, CELLS);
        assertNull(some.allocate().region());
        assertNotNull(some.allocate().region());
    }

    /** Readers ask for ids whose chunks are given up and whose regions are used again under their hands. */
    @Test
    void aReaderNeverTakesAnotherChunksWordForItsOwn() throws Exception {
        XidMemory memory = new XidMemory(XidMemoryTest::direct, 0);
        XidDirectory chunks = new XidDirectory(memory);
        StatusWindow window = new StatusWindow(chunks, status);
        window.restore(XidChunk.IDS);
        AtomicLong end = new AtomicLong(XidChunk.IDS);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                readers.add(threads.submit(() -> {
                    long asked = 0;
                    while (!done.get()) {
                        long last = end.get();
                        for (long xid = Math.max(XidChunk.IDS, last - 3 * XidChunk.IDS); xid < last; xid += 7) {
                            long word = window.word(xid);
                            boolean committed = xid % 2 == 0;
                            assertEquals(
                                    committed ? StatusWindow.COMMITTED : StatusWindow.ABORTED, StatusWindow.tag(word));
                            assertTrue(
                                    !committed || StatusWindow.value(word) == 0 || StatusWindow.value(word) == xid + 1);
                            asked++;
                        }
                    }
                    return asked;
                }));
            }
            for (long xid = XidChunk.IDS; xid < 400L * XidChunk.IDS; xid++) {
                window.begin(xid, xid);
                if (xid % 2 == 0) {
                    status.commit(xid, 1);
                    window.commitTop(xid, xid + 1);
                } else {
                    status.abort(xid, 1);
                    window.abort(xid, 1);
                }
                end.set(xid + 1);
                if (window.settle(xid, 1, xid % 2 == 0 ? xid + 1 : 0)) {
                    window.trim(xid - XidChunk.IDS);
                }
            }
            done.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
            assertTrue(memory.scratchBytes() <= 3 * CELLS);
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }
}
