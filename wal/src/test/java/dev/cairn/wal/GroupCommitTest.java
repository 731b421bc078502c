package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static final WalRecord.Commit COMMIT = new WalRecord.Commit(1, 1, 0, 0, new long[] {});

    private final MemoryDisk disk = new MemoryDisk();
    private final Health health = new Health();
    private final WalWriter log = WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, Log.FIRST, Log.threads(), health);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** 64 threads, with a disk that may lose everything unsynced at any moment: nothing acknowledged is ever missing. */
    @Test
    void i2_whatIsAcknowledgedIsDurable() throws Exception {
        int committers = 64;
        int commits = 50;
        List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < committers; t++) {
            int thread = t;
            running.add(threads.submit(() -> {
                for (int i = 0; i < commits; i++) {
                    long xid = thread * 1_000L + i + 1;
                    log.awaitDurable(log.append(xid, COMMIT));
                    acknowledged.add(xid);
                }
            }));
        }
        while (running.stream().anyMatch(f -> !f.isDone())) {
            List<Long> before = List.copyOf(acknowledged);
            Log.Contents found = Log.contents(disk.crashLosingAll());
            assertTrue(found.xids().containsAll(before), () -> "acknowledged commits are lost: " + found.end());
        }
        for (Future<?> f : running) {
            f.get();
        }
        log.close();
        assertEquals(committers * commits, Log.contents(disk).xids().size());
        WalStatistics statistics = log.statistics();
        // At most one for each commit, and one more where a group goes over the end of a segment.
        int segments = WalReader.segments(disk).size();
        assertTrue(statistics.syncs() <= committers * commits + segments + 1, statistics.toString());
        assertTrue(statistics.largestGroup() >= 1);
    }

    /** While one sync is under way, all who come make one group. */
    @Test
    void thoseWhoComeDuringASyncShareTheNext() throws Exception {
        CountDownLatch inSync = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        disk.onOperation(event -> {
            if ((event.startsWith("through") || event.startsWith("sync")) && first.compareAndSet(true, false)) {
                inSync.countDown();
                awaitQuietly(go);
            }
        });
        List<Future<?>> running = new ArrayList<>();
        running.add(threads.submit(() -> log.awaitDurable(log.append(1, COMMIT))));
        inSync.await();
        long syncsBefore = log.statistics().syncs();
        CountDownLatch appended = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            running.add(threads.submit(() -> {
                long end = log.append(2, COMMIT);
                appended.countDown();
                log.awaitDurable(end);
            }));
        }
        appended.await();
        while (log.statistics().durableWaits() < 21 + 1) {
            Thread.onSpinWait();
        }
        go.countDown();
        for (Future<?> f : running) {
            f.get();
        }
        assertEquals(2, log.statistics().syncs() - syncsBefore);
        assertEquals(20, log.statistics().largestGroup());
        log.close();
    }

    @Test
    void i8_afterAFailedSyncNothingIsAcknowledged() throws Exception {
        log.awaitDurable(log.append(1, COMMIT));
        long durable = log.durableLsn();
        CountDownLatch inSync = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        disk.onOperation(event -> {
            if (event.startsWith("through") || event.startsWith("sync")) {
                inSync.countDown();
                awaitQuietly(go);
                disk.failSyncs();
                throw new DiskException("the medium failed");
            }
        });
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            running.add(threads.submit(() -> log.awaitDurable(log.append(2, COMMIT))));
        }
        inSync.await();
        go.countDown();
        for (Future<?> f : running) {
            Throwable cause = assertThrows(ExecutionException.class, f::get).getCause();
            assertInstanceOf(EngineFailedException.class, cause);
            assertTrue(cause.getMessage().contains("the medium failed"), cause.getMessage());
        }
        assertEquals(durable, log.durableLsn());
        assertThrows(EngineFailedException.class, () -> log.append(3, COMMIT));
        assertThrows(EngineFailedException.class, () -> log.awaitDurable(durable));
        assertThrows(EngineFailedException.class, () -> log.awaitWritten(durable));
        assertThrows(EngineFailedException.class, () -> log.recycle(durable));
        assertFalse(log.flushStep());
        long operations = disk.operations();
        log.close();
        assertEquals(operations, disk.operations(), "nothing is written after the failure");
        assertEquals(List.of(1L), Log.contents(disk.crashLosingAll()).xids());
    }

    @Test
    void aFailureElsewhereStopsTheLog() {
        long end = log.append(1, COMMIT);
        health.fail(new IllegalStateException("a page was lost"));
        assertThrows(EngineFailedException.class, () -> log.awaitDurable(end));
        assertThrows(EngineFailedException.class, () -> log.append(1, COMMIT));
        log.close();
        assertTrue(Log.contents(disk).xids().isEmpty());
    }

    @Test
    void anInterruptIsKeptAndChangesNothing() throws Exception {
        Future<Boolean> flag = threads.submit(() -> {
            Thread.currentThread().interrupt();
            for (int i = 0; i < 100; i++) {
                log.awaitDurable(log.append(1, Log.record(1_000)));
            }
            return Thread.interrupted();
        });
        List<Future<?>> others = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            others.add(threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    log.awaitDurable(log.append(2, COMMIT));
                }
            }));
        }
        assertTrue(flag.get(1, TimeUnit.MINUTES));
        for (Future<?> f : others) {
            f.get(1, TimeUnit.MINUTES);
        }
        log.close();
        assertEquals(500, Log.contents(disk).xids().size());
    }

    @Test
    void weakAndStrongWaitsMix() throws Exception {
        List<Future<?>> running = new ArrayList<>();
        log.startFlusher(1_000_000);
        for (int t = 0; t < 6; t++) {
            int kind = t % 3;
            running.add(threads.submit(() -> {
                for (int i = 0; i < 300; i++) {
                    long end = log.append(1, Log.record(i * 3));
                    switch (kind) {
                        case 0 -> log.awaitDurable(end);
                        case 1 -> log.awaitWritten(end);
                        default -> {}
                    }
                    assertTrue(log.durableLsn() <= log.writtenLsn());
                    assertTrue(log.writtenLsn() <= log.insertLsn());
                }
            }));
        }
        for (Future<?> f : running) {
            f.get(1, TimeUnit.MINUTES);
        }
        log.close();
        assertEquals(1_800, Log.contents(disk.crashLosingAll()).xids().size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
