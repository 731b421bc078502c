package dev.cairn.storage.base;

/**
 * Everything that decides which thread goes next. In production these are plain threads and monitors; under simulation
 * one thread runs at a time and a seeded schedule picks the next wherever one of these methods is called.
 *
 * <p>Rule for engine code: never block by other means than {@link Mutex}, {@link Signal} and bounded spinning that calls
 * {@link #spin}; never create a thread by other means than {@link #start}.
 */
public interface Scheduler {

    /** A non-reentrant lock that may be held across disk calls and spins. */
    Mutex newMutex();

    /** A condition to wait for. */
    Signal newSignal();

    /** One turn of a busy wait; {@code turn} counts from 0 and lets the wait back off. */
    void spin(int turn);

    /** A named place between two steps of a protocol, where a simulated schedule may switch threads or crash. */
    void point(CrashPoint point);

    /**
     * Runs {@code step} again and again until stopped. When it returns false (nothing to do) the machine rests until
     * {@link Background#wake} or until {@code idleNanos} have passed. An exception ends the machine: steps report their
     * failures to {@link Health} themselves.
     */
    Background start(String name, Step step, long idleNanos);

    /** A piece of background work, done a step at a time. */
    @FunctionalInterface
    interface Step {
        /** Does one bounded piece of work; false if there was nothing to do. */
        boolean step();
    }

    /** A running background machine. */
    interface Background {
        void wake();

        /** Ends the machine after its current step and waits for that, uninterruptibly. Idempotent. */
        void stop();
    }

    /** A non-reentrant mutual exclusion lock, acquired uninterruptibly. */
    interface Mutex {
        void lock();

        boolean tryLock();

        void unlock();
    }

    /** A condition variable in closure form: no wake-up can be lost, as the condition is checked under its monitor. */
    interface Signal {
        /**
         * Waits until {@code done} holds. {@code done} is called under this signal's monitor: it must be cheap and take no
         * lock.
         *
         * @param timeoutNanos at most this long; {@link Long#MAX_VALUE} for ever
         * @return what {@code done} said last: false only after a timeout
         * @throws InterruptedException if the thread is interrupted before or while waiting
         */
        boolean await(java.util.function.BooleanSupplier done, long timeoutNanos) throws InterruptedException;

        /** As {@link #await} for ever, but an interrupt is kept for later: the thread's flag is set again on return. */
        void awaitUninterruptibly(java.util.function.BooleanSupplier done);

        /** To be called after the state that conditions read has changed. */
        void signalAll();
    }
}
