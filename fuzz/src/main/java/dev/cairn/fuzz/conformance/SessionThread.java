package dev.cairn.fuzz.conformance;

import org.jspecify.annotations.Nullable;

/** Runs the steps of one session, one at a time; its caller sees when a step is over. */
final class SessionThread implements AutoCloseable {

    private final ReplaySession session;
    private final Thread thread;
    /** All guarded by this. */
    private @Nullable Step given;

    private @Nullable Expected result;
    private @Nullable Throwable defect;
    private boolean closed;

    SessionThread(ReplaySession session) {
        this.session = session;
        this.thread = new Thread(this::work, "conformance " + session.label());
        thread.setDaemon(true);
        thread.start();
    }

    String label() {
        return session.label();
    }

    ReplaySession session() {
        return session;
    }

    private void work() {
        Step step = next();
        while (step != null) {
            Expected done = null;
            Throwable thrown = null;
            try {
                done = session.execute(step);
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
            // An interrupt was meant for the step; the next one is not to suffer from it.
            Thread.interrupted();
            synchronized (this) {
                given = null;
                result = done;
                defect = thrown;
                notifyAll();
            }
            step = next();
        }
    }

    private synchronized @Nullable Step next() {
        while (given == null && !closed) {
            try {
                wait();
            } catch (InterruptedException late) {
                // Came after the step that it was meant for.
                continue;
            }
        }
        return given;
    }

    synchronized void start(Step step) {
        if (given != null) {
            throw new IllegalStateException(label() + " is busy with " + given);
        }
        result = null;
        defect = null;
        given = step;
        notifyAll();
    }

    synchronized boolean isBusy() {
        return given != null;
    }

    /** What the last step gave. @throws IllegalStateException with what it threw, if that was no error of a statement */
    synchronized Expected result() {
        if (defect != null) {
            throw new IllegalStateException("a defect in " + label() + ": " + defect, defect);
        }
        Expected done = result;
        if (done == null) {
            throw new IllegalStateException(label() + " has no result");
        }
        return done;
    }

    /** Makes a blocked statement fail. */
    void interrupt() {
        thread.interrupt();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
