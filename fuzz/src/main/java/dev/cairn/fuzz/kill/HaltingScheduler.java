package dev.cairn.fuzz.kill;

import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.ThreadScheduler;
import java.util.concurrent.atomic.AtomicInteger;

/** The production scheduler, but the process ends, without another word, when a point is passed for the n-th time. */
final class HaltingScheduler implements Scheduler {

    private final ThreadScheduler threads = new ThreadScheduler();
    private final CrashPoint haltAt;
    private final int pass;
    private final int exitCode;
    private final AtomicInteger passes = new AtomicInteger();

    HaltingScheduler(CrashPoint haltAt, int pass, int exitCode) {
        this.haltAt = haltAt;
        this.pass = pass;
        this.exitCode = exitCode;
    }

    @Override
    public Mutex newMutex() {
        return threads.newMutex();
    }

    @Override
    public Signal newSignal() {
        return threads.newSignal();
    }

    @Override
    public void spin(int turn) {
        threads.spin(turn);
    }

    @Override
    public void point(CrashPoint point) {
        if (point == haltAt && passes.incrementAndGet() == pass) {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    @Override
    public Background start(String name, Step step, long idleNanos) {
        return threads.start(name, step, idleNanos);
    }
}
