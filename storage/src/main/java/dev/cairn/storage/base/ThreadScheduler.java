package dev.cairn.storage.base;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The production scheduler: plain threads, locks and conditions. Background threads are daemons. Thread-safe. */
public final class ThreadScheduler implements Scheduler {

    private static final int BUSY_TURNS = 64;
    private static final long PARK_STEP_NANOS = 1_000;
    private static final long MAX_PARK_NANOS = 100_000;

    @Override
    public Mutex newMutex() {
        return new LockMutex();
    }

    @Override
    public Signal newSignal() {
        return new ConditionSignal();
    }

    @Override
    public void spin(int turn) {
        if (turn < BUSY_TURNS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(Math.min(MAX_PARK_NANOS, PARK_STEP_NANOS * (turn - BUSY_TURNS + 1)));
        }
    }

    @Override
    public void point(CrashPoint point) {}

    @Override
    public Background start(String name, Step step, long idleNanos) {
        return new Machine(name, step, idleNanos);
    }

    private static final class LockMutex implements Mutex {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        public void lock() {
            checkNotMine();
            lock.lock();
        }

        @Override
        public boolean tryLock() {
            checkNotMine();
            return lock.tryLock();
        }

        @Override
        public void unlock() {
            lock.unlock();
        }

        private void checkNotMine() {
            if (lock.isHeldByCurrentThread()) {
                throw new IllegalStateException("this thread holds the mutex already");
            }
        }
    }

    /**
     * Waiters count themselves before they look at the condition, signallers look at the count after they have changed the
     * state; a full fence on either side makes it impossible that both miss each other. Without waiters a signal costs a
     * fence and a read.
     */
    private static final class ConditionSignal implements Signal {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private volatile int waiters;

        @Override
        public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                enter();
                try {
                    long left = timeoutNanos;
                    while (!done.getAsBoolean()) {
                        if (timeoutNanos == Long.MAX_VALUE) {
                            changed.await();
                        } else if (left <= 0) {
                            return false;
                        } else {
                            left = changed.awaitNanos(left);
                        }
                    }
                    return true;
                } finally {
                    leave();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void awaitUninterruptibly(BooleanSupplier done) {
            lock.lock();
            try {
                enter();
                try {
                    while (!done.getAsBoolean()) {
                        changed.awaitUninterruptibly();
                    }
                } finally {
                    leave();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void signalAll() {
            VarHandle.fullFence();
            if (waiters == 0) {
                return;
            }
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        // Both run under the lock, so that the count needs no atomic increment.
        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void enter() {
            waiters++;
            VarHandle.fullFence();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void leave() {
            waiters--;
        }
    }

    private static final class Machine implements Background {
        private final Step step;
        private final long idleNanos;
        private final Thread thread;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition woken = lock.newCondition();
        private boolean wakeUp;
        private volatile boolean stopping;

        Machine(String name, Step step, long idleNanos) {
            this.step = step;
            this.idleNanos = idleNanos;
            this.thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            while (!stopping) {
                if (!step.step() && !stopping) {
                    rest();
                }
            }
        }

        private void rest() {
            lock.lock();
            try {
                long left = idleNanos;
                while (!wakeUp && !stopping && left > 0) {
                    left = woken.awaitNanos(left);
                }
                wakeUp = false;
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; an early turn does no harm, and the flag must not stay
                // set, or the machine would never rest again.
                wakeUp = false;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void wake() {
            lock.lock();
            try {
                wakeUp = true;
                woken.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void stop() {
            stopping = true;
            wake();
            if (Thread.currentThread() != thread) {
                joinUninterruptibly(thread);
            }
        }
    }

    /** Waits for the thread's end; an interrupt is kept for later. */
    public static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
