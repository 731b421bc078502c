package dev.cairn.fuzz.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.schedule.SimScheduler.Client;
import dev.cairn.fuzz.schedule.SimScheduler.Disturbances;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Scheduler.Background;
import dev.cairn.storage.base.Scheduler.Mutex;
import dev.cairn.storage.base.Scheduler.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimSchedulerTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static SimScheduler scheduler(long seed) {
        return new SimScheduler(seed, Disturbances.NONE);
    }

    /** A queue of one place between two threads, beside a machine: who did what, in which order. */
    private static String exchange(SimScheduler scheduler) {
        StringBuilder order = new StringBuilder();
        scheduler.run(() -> {
            Mutex mutex = scheduler.newMutex();
            Signal changed = scheduler.newSignal();
            boolean[] full = new boolean[1];
            Background machine =
                    scheduler.start("machine", () -> order.append('m').length() < 0, 100_000);
            Client producer = scheduler.fork("producer", () -> {
                for (int i = 0; i < 20; i++) {
                    changed.awaitUninterruptibly(() -> !full[0]);
                    scheduler.point(CrashPoint.LOG_PLACED);
                    mutex.lock();
                    full[0] = true;
                    order.append('p');
                    mutex.unlock();
                    changed.signalAll();
                }
            });
            Client consumer = scheduler.fork("consumer", () -> {
                for (int i = 0; i < 20; i++) {
                    changed.awaitUninterruptibly(() -> full[0]);
                    mutex.lock();
                    full[0] = false;
                    order.append('c');
                    mutex.unlock();
                    changed.signalAll();
                }
            });
            producer.join();
            consumer.join();
            machine.stop();
        });
        return order.toString();
    }

    @Test
    void theSameSeedIsTheSameSchedule() {
        Set<Long> hashes = new HashSet<>();
        Set<String> orders = new HashSet<>();
        for (long seed = 0; seed < 40; seed++) {
            SimScheduler first = scheduler(seed);
            String order = exchange(first);
            SimScheduler second = scheduler(seed);
            assertEquals(order, exchange(second));
            assertEquals(first.traceHash(), second.traceHash());
            assertEquals(20, first.passed(CrashPoint.LOG_PLACED));
            assertEquals("pc".repeat(20), order.replace("m", ""));
            hashes.add(first.traceHash());
            orders.add(order);
        }
        assertTrue(hashes.size() > 35, "different seeds, different schedules: " + hashes.size());
        assertTrue(orders.size() > 10, "and different outcomes: " + orders.size());
    }

    @Test
    void whoWaitForEachOtherAreReportedWithTheirStacks() {
        for (long seed = 0; seed < 50; seed++) {
            SimScheduler scheduler = scheduler(seed);
            StuckException stuck = null;
            try {
                scheduler.run(() -> {
                    Mutex one = scheduler.newMutex();
                    Mutex two = scheduler.newMutex();
                    scheduler.start("machine", () -> false, 1_000_000);
                    Client left = scheduler.fork("left", () -> takeBoth(scheduler, one, two));
                    takeBoth(scheduler, two, one);
                    left.join();
                });
            } catch (StuckException e) {
                stuck = e;
            }
            if (stuck != null) {
                assertTrue(stuck.getMessage().contains("left waits for a mutex of main"), stuck.getMessage());
                assertTrue(stuck.getMessage().contains("main waits for a mutex of left"), stuck.getMessage());
                assertTrue(stuck.getMessage().contains("takeBoth"), stuck.getMessage());
                return;
            }
        }
        throw new AssertionError("no schedule of 50 has met the deadlock");
    }

    private static void takeBoth(SimScheduler scheduler, Mutex first, Mutex second) {
        first.lock();
        scheduler.point(CrashPoint.LOG_PLACED);
        second.lock();
        second.unlock();
        first.unlock();
    }

    @Test
    void aWakeUpThatNobodySendsIsNotMadeUpFor() {
        SimScheduler scheduler = scheduler(1);
        boolean[] done = new boolean[1];
        StuckException stuck = assertThrows(
                StuckException.class,
                () -> scheduler.run(() -> {
                    Signal signal = scheduler.newSignal();
                    Client forgetful = scheduler.fork("forgetful", () -> {
                        for (int i = 0; i < 1000; i++) {
                            scheduler.point(CrashPoint.LOG_PLACED);
                        }
                        done[0] = true;
                    });
                    signal.awaitUninterruptibly(() -> done[0]);
                    forgetful.join();
                }));
        assertTrue(stuck.getMessage().contains("main waits for a signal"), stuck.getMessage());
    }

    @Test
    void spinningForWhatNobodyDoesIsReported() {
        SimScheduler scheduler = scheduler(1);
        StuckException stuck = assertThrows(
                StuckException.class,
                () -> scheduler.run(() -> {
                    for (int turn = 0; ; turn++) {
                        scheduler.spin(turn);
                    }
                }));
        assertTrue(stuck.getMessage().contains("spinning"), stuck.getMessage());
    }

    @Test
    void aSpinnerLetsTheOthersDoWhatItWaitsFor() {
        for (long seed = 0; seed < 40; seed++) {
            SimScheduler scheduler = scheduler(seed);
            boolean[] done = new boolean[1];
            scheduler.run(() -> {
                for (int i = 0; i < 3; i++) {
                    scheduler.fork("spinner " + i, () -> {
                        for (int turn = 0; !done[0]; turn++) {
                            scheduler.spin(turn);
                        }
                    });
                }
                Client worker = scheduler.fork("worker", () -> {
                    for (int i = 0; i < 100; i++) {
                        scheduler.point(CrashPoint.LOG_PLACED);
                    }
                    done[0] = true;
                });
                worker.join();
            });
        }
    }

    @Test
    void timeJumpsToTheEndOfAWait() {
        SimScheduler scheduler = scheduler(3);
        scheduler.run(() -> {
            long before = scheduler.nowNanos();
            assertFalse(await(scheduler.newSignal(), 3_600 * SECOND));
            assertTrue(scheduler.nowNanos() - before >= 3_600 * SECOND);
            assertTrue(scheduler.nowNanos() - before < 3_601 * SECOND);
        });
    }

    private static boolean await(Signal signal, long nanos) {
        try {
            return signal.await(() -> false, nanos);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptEndsAWaitThatCanBeInterrupted() {
        SimScheduler scheduler = new SimScheduler(5, new Disturbances(1, 0, 0, 0, Set.of()));
        scheduler.run(() -> {
            assertThrows(InterruptedException.class, () -> scheduler.newSignal().await(() -> false, Long.MAX_VALUE));
            assertTrue(scheduler.takeInterrupted());
            assertFalse(scheduler.takeInterrupted());
            assertFalse(Thread.currentThread().isInterrupted());
        });
    }

    /** Who tries again and again neither waits nor spins. */
    @Test
    void threadsThatAreBusyAndAchieveNothingAreStuck() {
        SimScheduler scheduler = scheduler(9);
        int[] achieved = new int[1];
        StuckException stuck = assertThrows(
                StuckException.class,
                () -> scheduler.run(() -> {
                    for (long i = 1; i > 0; i++) {
                        scheduler.point(CrashPoint.LOG_PLACED);
                        if (i % 50_000 == 0 && achieved[0] < 8) {
                            achieved[0]++;
                            scheduler.achieved();
                        }
                    }
                }));
        assertTrue(stuck.getMessage().contains("busy for ever"), stuck.getMessage());
        assertEquals(8, achieved[0], "as long as something is achieved they go on");
    }

    @Test
    void aThreadThatNeverGivesWayIsStuck() {
        SimScheduler scheduler = scheduler(10);
        StuckException stuck = assertThrows(
                StuckException.class,
                () -> scheduler.run(() -> {
                    scheduler.fork("patient", () -> scheduler.newSignal().awaitUninterruptibly(() -> false));
                    scheduler.point(CrashPoint.LOG_PLACED);
                    while (true) {
                        scheduler.working();
                    }
                }));
        assertTrue(stuck.getMessage().contains("without giving way"), stuck.getMessage());
    }

    @Test
    void theClockIsSetBothWays() {
        SimScheduler scheduler = new SimScheduler(6, new Disturbances(0, 3, 0, 0, Set.of()));
        Set<Boolean> ways = new HashSet<>();
        scheduler.run(() -> {
            long before = scheduler.clock().epochMicros();
            for (int i = 0; i < 200; i++) {
                scheduler.point(CrashPoint.LOG_PLACED);
                long now = scheduler.clock().epochMicros();
                if (Math.abs(now - before) > 1_000_000) {
                    ways.add(now > before);
                }
                before = now;
            }
        });
        assertEquals(2, ways.size());
    }

    @Test
    void theFirstFailureEndsEverybody() {
        SimScheduler scheduler = scheduler(7);
        IllegalStateException failure = new IllegalStateException("of one thread");
        List<String> ended = new ArrayList<>();
        Throwable thrown = assertThrows(
                IllegalStateException.class,
                () -> scheduler.run(() -> {
                    Signal never = scheduler.newSignal();
                    for (int i = 0; i < 3; i++) {
                        String name = "waiter " + i;
                        scheduler.fork(name, () -> {
                            try {
                                never.awaitUninterruptibly(() -> false);
                            } finally {
                                ended.add(name);
                            }
                        });
                    }
                    scheduler.start("machine", () -> true, SECOND);
                    for (int i = 0; i < 1_000; i++) {
                        scheduler.point(CrashPoint.LOG_PLACED);
                    }
                    scheduler
                            .fork("failing", () -> {
                                throw failure;
                            })
                            .join();
                }));
        assertSame(failure, thrown);
        assertEquals(3, ended.size());
    }

    /** Two threads raise a counter without a lock: the planted bug is found, and its seed finds it again. */
    @Test
    void aPlantedRaceIsFoundAndFoundAgain() {
        List<Long> found = new ArrayList<>();
        for (long seed = 0; seed < 60; seed++) {
            if (racyCount(seed) != 2) {
                found.add(seed);
            }
        }
        assertTrue(found.size() > 5, "found by " + found.size() + " of 60 seeds");
        assertNotEquals(60, found.size());
        for (long seed : found) {
            assertEquals(1, racyCount(seed));
        }
    }

    private static int racyCount(long seed) {
        SimScheduler scheduler = scheduler(seed);
        int[] count = new int[1];
        Runnable raise = () -> {
            int before = count[0];
            scheduler.point(CrashPoint.LOG_PLACED);
            count[0] = before + 1;
        };
        scheduler.run(() -> {
            Client one = scheduler.fork("one", raise);
            Client two = scheduler.fork("two", raise);
            one.join();
            two.join();
        });
        return count[0];
    }

    @Test
    void aStallLetsTheOthersGoFarAhead() {
        SimScheduler scheduler = new SimScheduler(8, new Disturbances(0, 0, 0, 0, Set.of(CrashPoint.LOG_WRITTEN)));
        int[] others = new int[1];
        List<Integer> ahead = new ArrayList<>();
        scheduler.run(() -> {
            Client other = scheduler.fork("other", () -> {
                for (; others[0] < 20_000; others[0]++) {
                    scheduler.point(CrashPoint.LOG_PLACED);
                }
            });
            for (int i = 0; i < 20; i++) {
                int before = others[0];
                scheduler.point(CrashPoint.LOG_WRITTEN);
                ahead.add(others[0] - before);
            }
            other.join();
        });
        assertTrue(ahead.stream().anyMatch(steps -> steps > 500), ahead.toString());
    }

    @Test
    void everySeedDrawsSomeDisturbance() {
        SplittableRandom random = new SplittableRandom(1);
        Set<Disturbances> drawn = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            drawn.add(Disturbances.drawn(random));
        }
        assertTrue(drawn.size() > 20);
    }
}
