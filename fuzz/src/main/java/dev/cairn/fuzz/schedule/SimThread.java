package dev.cairn.fuzz.schedule;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a simulated process. Its fields belong to whichever thread runs; only {@link #running} is looked at by one
 * that does not.
 */
final class SimThread {

    /** Waits without end. */
    static final long NEVER = Long.MAX_VALUE;

    final int number;
    final String name;
    /** Background machines only help: when nobody else can go on, the process is stuck. */
    final boolean background;

    /** Drawn when the thread begins, lowered by a schedule of priorities; the greatest runs. */
    long priority;
    /** What it waits for, for people; null if it does not. */
    @Nullable String waitsFor;
    /** Whose end it waits for; null if it waits for something else, or for nothing. */
    @Nullable SimThread awaited;
    /** Virtual nanoseconds at which its wait ends by itself. */
    long deadlineNanos = NEVER;
    /** An interrupt ended its last wait, or its flag was set; cleared by whom it concerns. */
    boolean interrupted;

    private final Thread thread;
    private boolean started;
    private volatile boolean running;

    SimThread(int number, String name, boolean background, Thread thread) {
        this.number = number;
        this.name = name;
        this.background = background;
        this.thread = thread;
    }

    boolean isCaller() {
        return Thread.currentThread() == thread;
    }

    /** It may run; the caller no longer does. */
    void resume() {
        running = true;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
    }

    /** It runs already: the thread that the process begins with. */
    void isRunning() {
        started = true;
        running = true;
    }

    /** To be called before somebody else is resumed: from here on the thread waits for its turn. */
    void pause() {
        running = false;
    }

    /** Returns when the thread may run again. An interrupt from outside is kept. */
    void awaitTurn() {
        boolean kept = false;
        while (!running) {
            LockSupport.park(this);
            kept |= Thread.interrupted();
        }
        if (kept) {
            thread.interrupt();
        }
    }

    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    @Override
    public String toString() {
        return name;
    }
}
