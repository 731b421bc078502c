package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.ThreadScheduler;
import dev.cairn.storage.testing.MemoryDisk;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What those wait for who find somebody leading, with the leader held in the middle of its writes. */
class GroupWaitTest {

    /** The end of the first segment, where a group is cut in two writes. */
    private static final long BORDER = 2L * Log.SEGMENT;

    private final MemoryDisk disk = new MemoryDisk();
    private final Health health = new Health();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** Conditions that somebody waits for, in the order in which the waits began. */
    private final BlockingQueue<BooleanSupplier> waits = new LinkedBlockingQueue<>();

    private final BlockingQueue<CrashPoint> followers = new LinkedBlockingQueue<>();
    private final WalWriter log =
            WalWriter.create(disk, Log.OPTIONS, Log.DATABASE, Log.FIRST, Log.environment(scheduler()), health);

    private final Semaphore writing = new Semaphore(0);
    private final Semaphore mayWrite = new Semaphore(0);

    @AfterEach
    void stop() {
        mayWrite.release(1_000);
        threads.shutdownNow();
    }

    private Scheduler scheduler() {
        ThreadScheduler plain = new ThreadScheduler();
        return (Scheduler) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Scheduler.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("newSignal")) {
                        return new NotedSignal(plain.newSignal());
                    }
                    if (method.getName().equals("point") && arguments[0] == CrashPoint.LOG_FOLLOWING) {
                        followers.add(CrashPoint.LOG_FOLLOWING);
                    }
                    return method.invoke(plain, arguments);
                });
    }

    private final class NotedSignal implements Scheduler.Signal {
        private final Scheduler.Signal plain;

        NotedSignal(Scheduler.Signal plain) {
            this.plain = plain;
        }

        @Override
        public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
            return plain.await(done, timeoutNanos);
        }

        @Override
        public void awaitUninterruptibly(BooleanSupplier done) {
            waits.add(done);
            plain.awaitUninterruptibly(done);
        }

        @Override
        public void signalAll() {
            plain.signalAll();
        }
    }

    /** Somebody leads a group of two writes and is held before the first. */
    private Future<?> leader() throws Exception {
        while (log.insertLsn() <= BORDER) {
            log.append(1, Log.record(1_000));
        }
        disk.onOperation(event -> {
            if (event.matches("(write|through) wal-.*") && !event.endsWith(" 0 64")) {
                writing.release();
                mayWrite.acquireUninterruptibly();
            }
        });
        long end = log.insertLsn();
        Future<?> leader = threads.submit(() -> log.awaitDurable(end));
        assertTrue(writing.tryAcquire(20, TimeUnit.SECONDS), "nobody writes");
        return leader;
    }

    private BooleanSupplier nextWait() throws InterruptedException {
        BooleanSupplier wait = waits.poll(20, TimeUnit.SECONDS);
        assertTrue(wait != null, "nobody waits");
        return wait;
    }

    /** Lets the leader do its first write, up to the border, and holds it before its second. */
    private void writeUpToTheBorder() throws InterruptedException {
        mayWrite.release();
        assertTrue(writing.tryAcquire(20, TimeUnit.SECONDS), "nobody writes");
    }

    @Test
    void followersWaitForTheirPartOfTheGroup() throws Exception {
        Future<?> leader = leader();
        long end = log.insertLsn();
        Future<?> first = threads.submit(() -> log.awaitDurable(BORDER));
        BooleanSupplier borderDurable = nextWait();
        Future<?> second = threads.submit(() -> log.awaitWritten(BORDER));
        BooleanSupplier borderWritten = nextWait();
        Future<?> third = threads.submit(() -> log.awaitDurable(end));
        BooleanSupplier endDurable = nextWait();
        Future<?> fourth = threads.submit(() -> log.awaitWritten(end));
        BooleanSupplier endWritten = nextWait();
        assertEquals(2, followers.size(), "those who wait for durability say so");
        for (BooleanSupplier wait : new BooleanSupplier[] {borderDurable, borderWritten, endDurable, endWritten}) {
            assertFalse(wait.getAsBoolean(), "nothing is written");
        }
        writeUpToTheBorder();
        assertTrue(borderDurable.getAsBoolean());
        assertTrue(borderWritten.getAsBoolean());
        assertFalse(endDurable.getAsBoolean());
        assertFalse(endWritten.getAsBoolean());
        mayWrite.release(10);
        for (Future<?> waiter : new Future<?>[] {leader, first, second, third, fourth}) {
            waiter.get(20, TimeUnit.SECONDS);
        }
        assertTrue(endDurable.getAsBoolean());
        assertTrue(endWritten.getAsBoolean());
        log.close();
    }

    /** What was appended after the leader looked is no part of its group: when the lead is free, one of them takes it. */
    @Test
    void whoeverCameTooLateGoesOnWhenTheLeadIsFree() throws Exception {
        Future<?> leader = leader();
        long late = log.append(2, Log.record(10));
        Future<?> durable = threads.submit(() -> log.awaitDurable(late));
        BooleanSupplier lateDurable = nextWait();
        Future<?> written = threads.submit(() -> log.awaitWritten(late));
        BooleanSupplier lateWritten = nextWait();
        writeUpToTheBorder();
        assertFalse(lateDurable.getAsBoolean());
        assertFalse(lateWritten.getAsBoolean());
        mayWrite.release();
        leader.get(20, TimeUnit.SECONDS);
        assertTrue(writing.tryAcquire(20, TimeUnit.SECONDS), "nobody writes");
        assertTrue(log.durableLsn() < late && log.writtenLsn() < late, "one of the late ones is held before its write");
        mayWrite.release(10);
        durable.get(20, TimeUnit.SECONDS);
        written.get(20, TimeUnit.SECONDS);
        assertTrue(log.durableLsn() >= late);
        log.close();
    }

    /** I8: a failure ends all waits, whoever leads; closing waits for the leader, and then for nothing else. */
    @Test
    void aFailureEndsTheWaitsAndClosingWaitsForTheLeader() throws Exception {
        Future<?> leader = leader();
        long end = log.insertLsn();
        Future<?> durable = threads.submit(() -> log.awaitDurable(end));
        BooleanSupplier endDurable = nextWait();
        Future<?> written = threads.submit(() -> log.awaitWritten(end));
        BooleanSupplier endWritten = nextWait();
        assertFalse(endDurable.getAsBoolean() || endWritten.getAsBoolean());
        health.fail(new IllegalStateException("a page was lost"));
        assertTrue(endDurable.getAsBoolean() && endWritten.getAsBoolean());
        Future<?> closing = threads.submit(log::close);
        BooleanSupplier led = nextWait();
        assertFalse(led.getAsBoolean());
        assertFalse(closing.isDone());
        int open = disk.openFiles();
        assertTrue(open > 0, "the leader has its file");
        mayWrite.release(10);
        closing.get(20, TimeUnit.SECONDS);
        assertEquals(0, disk.openFiles());
        for (Future<?> waiter : new Future<?>[] {leader, durable, written}) {
            assertThrows(ExecutionException.class, () -> waiter.get(20, TimeUnit.SECONDS));
        }
    }

    /** Written is not durable: who needs it durable has it synced, though there is nothing left to write. */
    @Test
    void whatIsOnlyWrittenIsSyncedForWhoeverNeedsThat() {
        long end = log.append(1, Log.record(100));
        long durable = log.durableLsn();
        log.awaitWritten(end);
        assertEquals(durable, log.durableLsn());
        assertTrue(Log.contents(disk.crashLosingAll()).xids().isEmpty());
        disk.forgetEvents();
        log.awaitDurable(end);
        assertEquals(1, disk.events().size(), disk.events()::toString);
        assertEquals(1, disk.count("sync wal-"));
        assertTrue(log.durableLsn() >= end);
        assertEquals(java.util.List.of(1L), Log.contents(disk.crashLosingAll()).xids());
        log.close();
    }
}
