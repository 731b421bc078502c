package dev.cairn.storage.base;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Everything on the calling thread, in a fixed order: for simulation and tests. Background machines run only in {@link
 * #runBackground} and in a wait whose condition does not hold. A wait that nothing can end is an {@link
 * IllegalStateException} instead of a hang. To be used by one thread.
 */
public final class InlineScheduler implements Scheduler {

    private static final int MAX_SPINS = 100_000;
    private static final int MAX_STEPS = 10_000_000;

    private final Consumer<CrashPoint> points;
    private final List<Machine> machines = new ArrayList<>();
    private boolean running;

    public InlineScheduler() {
        this(point -> {});
    }

    /** @param points told of every point that is passed */
    public InlineScheduler(Consumer<CrashPoint> points) {
        this.points = points;
    }

    /**
     * Runs every machine in the order of their start, round after round, until none has anything to do.
     *
     * @return whether any step did something
     */
    public boolean runBackground() {
        if (running) {
            return false;
        }
        running = true;
        try {
            boolean any = false;
            int steps = 0;
            boolean again = true;
            while (again) {
                again = false;
                for (Machine machine : List.copyOf(machines)) {
                    again |= !machine.stopped && !machine.running && machine.runStep();
                }
                any |= again;
                if (++steps > MAX_STEPS) {
                    throw new IllegalStateException("stuck: the background machines never rest");
                }
            }
            return any;
        } finally {
            running = false;
        }
    }

    @Override
    public Mutex newMutex() {
        return new Flag();
    }

    @Override
    public Signal newSignal() {
        return new Condition();
    }

    @Override
    public void spin(int turn) {
        if (turn > MAX_SPINS) {
            throw new IllegalStateException("stuck: spinning for what no other thread will do");
        }
        runBackground();
    }

    @Override
    public void point(CrashPoint point) {
        points.accept(point);
    }

    @Override
    public Background start(String name, Step step, long idleNanos) {
        Machine machine = new Machine(name, step);
        machines.add(machine);
        return machine;
    }

    private static final class Flag implements Mutex {
        private boolean held;

        @Override
        public void lock() {
            if (!tryLock()) {
                throw new IllegalStateException("stuck: the mutex is held and no other thread will give it back");
            }
        }

        @Override
        public boolean tryLock() {
            if (held) {
                return false;
            }
            held = true;
            return true;
        }

        @Override
        public void unlock() {
            if (!held) {
                throw new IllegalMonitorStateException("the mutex is not held");
            }
            held = false;
        }
    }

    private final class Condition implements Signal {

        /** A finite wait that the machines cannot end counts as timed out at once. */
        @Override
        public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (holds(done)) {
                return true;
            }
            if (timeoutNanos == Long.MAX_VALUE) {
                throw new IllegalStateException("stuck: waiting for what nothing will bring about");
            }
            return false;
        }

        @Override
        public void awaitUninterruptibly(BooleanSupplier done) {
            if (!holds(done)) {
                throw new IllegalStateException("stuck: waiting for what nothing will bring about");
            }
        }

        @Override
        public void signalAll() {}

        private boolean holds(BooleanSupplier done) {
            if (done.getAsBoolean()) {
                return true;
            }
            runBackground();
            return done.getAsBoolean();
        }
    }

    private final class Machine implements Background {
        private final String name;
        private final Step step;
        private boolean running;
        private boolean stopped;

        Machine(String name, Step step) {
            this.name = name;
            this.step = step;
        }

        boolean runStep() {
            running = true;
            boolean ended = true;
            try {
                boolean did = step.step();
                ended = false;
                return did;
            } finally {
                running = false;
                if (ended) {
                    stop();
                }
            }
        }

        @Override
        public void wake() {}

        @Override
        public void stop() {
            stopped = true;
            machines.remove(this);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
