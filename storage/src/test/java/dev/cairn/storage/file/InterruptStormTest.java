package dev.cairn.storage.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt, at whatever moment, disturbs no operation: not its own thread's and nobody else's. */
@Timeout(120)
class InterruptStormTest {

    private static final int BLOCK = 4096;
    private static final int BLOCKS = 32;
    private static final int ROUNDS = 300;

    @TempDir
    Path directory;

    @Test
    void everyOperationGoesOnUnderInterrupts() throws Exception {
        RealDisk disk = new RealDisk(directory);
        DiskFile file = disk.open("data", OpenMode.CREATE);
        file.allocate(0, (long) BLOCK * BLOCKS);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong flagsKept = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> victims = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            int mine = t;
            Thread victim = new Thread(() -> {
                try {
                    for (int round = 0; round < ROUNDS; round++) {
                        turn(disk, file, mine, round);
                        if (Thread.interrupted()) {
                            flagsKept.incrementAndGet();
                        }
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                } finally {
                    ended.countDown();
                }
            });
            victims.add(victim);
        }
        Thread storm = new Thread(() -> {
            while (!over.get()) {
                for (Thread victim : victims) {
                    victim.interrupt();
                }
                Thread.onSpinWait();
            }
        });
        victims.forEach(Thread::start);
        storm.start();
        ended.await();
        over.set(true);
        storm.join();
        assertNull(failure.get(), () -> "" + failure.get());
        assertTrue(flagsKept.get() > 0, "interrupts are kept for whoever looks");
        file.close();
    }

    /** Each thread has blocks of its own, so that what it reads must be what it wrote last. */
    private static void turn(RealDisk disk, DiskFile file, int thread, int round) {
        int block = thread * (BLOCKS / 4) + round % (BLOCKS / 4);
        long offset = (long) block * BLOCK;
        ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK);
        for (int i = 0; i < BLOCK; i += 8) {
            bytes.putLong(i, offset + round);
        }
        if (round % 4 == 0) {
            file.writeThrough(offset, bytes);
        } else {
            file.write(offset, bytes);
        }
        ByteBuffer back = ByteBuffer.allocateDirect(BLOCK);
        assertEquals(BLOCK, file.read(offset, back));
        assertEquals(offset + round, back.getLong(BLOCK - 8));
        ReadWindow window = file.map(offset, BLOCK);
        assertNotNull(window);
        window.copy(0, back.clear());
        assertEquals(offset + round, back.getLong(BLOCK - 8));
        switch (round % 16) {
            case 3 -> file.sync(true);
            case 7 -> disk.syncDirectory();
            case 11 -> {
                String name = "t" + thread;
                try (DiskFile other = disk.open(name, OpenMode.CREATE)) {
                    disk.rename(name, name + "x");
                    other.writeThrough(0, ByteBuffer.allocate(10));
                    assertEquals(10, other.read(0, ByteBuffer.allocate(100)));
                    disk.delete(name + "x");
                }
            }
            default -> assertTrue(file.size() >= offset);
        }
    }
}
