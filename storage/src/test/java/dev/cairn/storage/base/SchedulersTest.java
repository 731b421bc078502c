package dev.cairn.storage.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulersTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void signalsAreNeverLost() throws Exception {
        ThreadScheduler threads = new ThreadScheduler();
        Scheduler.Signal ping = threads.newSignal();
        Scheduler.Signal pong = threads.newSignal();
        AtomicInteger ball = new AtomicInteger();
        int rounds = 20_000;
        Thread other = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                int mine = 2 * i + 1;
                ping.awaitUninterruptibly(() -> ball.get() == mine);
                ball.incrementAndGet();
                pong.signalAll();
            }
        });
        other.start();
        for (int i = 0; i < rounds; i++) {
            int mine = 2 * i + 2;
            ball.incrementAndGet();
            ping.signalAll();
            assertTrue(pong.await(() -> ball.get() == mine, 30 * SECOND));
        }
        other.join();
        assertEquals(2 * rounds, ball.get());
    }

    @Test
    void waitEndsAtItsLimit() throws Exception {
        assertFalse(new ThreadScheduler().newSignal().await(() -> false, 1_000_000));
    }

    @Test
    void interruptEndsAWaitButNotAnUninterruptibleOne() throws Exception {
        Scheduler.Signal signal = new ThreadScheduler().newSignal();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> signal.await(() -> true, Long.MAX_VALUE));
        assertFalse(Thread.currentThread().isInterrupted());

        AtomicBoolean done = new AtomicBoolean();
        AtomicBoolean flagKept = new AtomicBoolean();
        CountDownLatch checked = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            signal.awaitUninterruptibly(() -> {
                checked.countDown();
                return done.get();
            });
            flagKept.set(Thread.currentThread().isInterrupted());
        });
        waiter.start();
        checked.await();
        waiter.interrupt();
        done.set(true);
        signal.signalAll();
        waiter.join();
        assertTrue(flagKept.get());
    }

    @Test
    void mutexExcludesAndRefusesItsHolder() throws Exception {
        Scheduler.Mutex mutex = new ThreadScheduler().newMutex();
        int[] count = {0};
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    mutex.lock();
                    count[0]++;
                    mutex.unlock();
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40_000, count[0]);
        mutex.lock();
        assertThrows(IllegalStateException.class, mutex::lock);
    }

    @Test
    void machineRunsWhenWokenAndStops() throws Exception {
        AtomicInteger steps = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(2);
        Scheduler.Background machine = new ThreadScheduler()
                .start(
                        "machine",
                        () -> {
                            steps.incrementAndGet();
                            first.countDown();
                            woken.countDown();
                            return false;
                        },
                        Long.MAX_VALUE);
        first.await();
        machine.wake();
        woken.await();
        machine.stop();
        int last = steps.get();
        machine.wake();
        machine.stop();
        assertEquals(last, steps.get());
    }

    @Test
    void machineMayStopItself() throws Exception {
        ThreadScheduler threads = new ThreadScheduler();
        Scheduler.Background[] self = new Scheduler.Background[1];
        CountDownLatch known = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        self[0] = threads.start(
                "self",
                () -> {
                    try {
                        known.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    self[0].stop();
                    ended.countDown();
                    return true;
                },
                SECOND);
        known.countDown();
        ended.await();
        self[0].stop();
    }

    @Test
    void inlineMachinesRunInOrderUntilIdle() {
        InlineScheduler inline = new InlineScheduler();
        List<String> ran = new ArrayList<>();
        int[] left = {2};
        inline.start("a", () -> ran.add("a" + left[0]) && left[0]-- > 0, 0);
        Scheduler.Background b = inline.start("b", () -> !ran.add("b"), 0);
        assertTrue(inline.runBackground());
        assertEquals(List.of("a2", "b", "a1", "b", "a0", "b"), ran);
        b.stop();
        ran.clear();
        left[0] = 0;
        assertFalse(inline.runBackground());
        assertEquals(List.of("a0"), ran);
    }

    @Test
    void inlineWaitRunsMachinesAndIsNeverStuckSilently() throws Exception {
        InlineScheduler inline = new InlineScheduler();
        boolean[] done = {false};
        inline.start(
                "worker",
                () -> {
                    boolean first = !done[0];
                    done[0] = true;
                    return first;
                },
                0);
        inline.newSignal().awaitUninterruptibly(() -> done[0]);
        assertFalse(inline.newSignal().await(() -> false, SECOND));
        assertThrows(IllegalStateException.class, () -> inline.newSignal().await(() -> false, Long.MAX_VALUE));
        Scheduler.Mutex mutex = inline.newMutex();
        mutex.lock();
        assertFalse(mutex.tryLock());
        assertThrows(IllegalStateException.class, mutex::lock);
        mutex.unlock();
        mutex.lock();
    }

    @Test
    void inlineMachineThatThrowsHasEnded() {
        InlineScheduler inline = new InlineScheduler();
        int[] runs = {0};
        inline.start(
                "bad",
                () -> {
                    runs[0]++;
                    throw new IllegalArgumentException("bad");
                },
                0);
        assertThrows(IllegalArgumentException.class, inline::runBackground);
        assertFalse(inline.runBackground());
        assertEquals(1, runs[0]);
    }
}
