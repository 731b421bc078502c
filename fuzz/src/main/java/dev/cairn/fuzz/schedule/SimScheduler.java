package dev.cairn.fuzz.schedule;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a simulated process. Its threads are real ones, of which one runs at a time: it has the baton and passes
 * it on wherever it waits, locks or unlocks, spins, reaches a point, or calls a {@link HandingDisk}. Who gets it, how time
 * passes and whom an interrupt meets follow from the seed.
 *
 * <p>Time is virtual. When everybody waits it jumps to where the first wait ends by itself; when nothing of what follows from
 * that lets anybody but background machines go on, the process is stuck, which is a failure. Wake-ups are not forgiving: who
 * waits goes on only if it is signalled after what it waits for has come true.
 *
 * <p>Between {@link #run} and its return all methods are for the process's own threads. No Java monitor may be held where the
 * baton is passed on.
 */
public final class SimScheduler implements Scheduler {

    /** So many jumps of time in which only background machines had something to do, and the process is stuck. */
    private static final int MOST_IDLE_JUMPS = 2_000;

    /** So many turns of spinning without a step of a client thread. */
    private static final int MOST_SPINS = 200_000;
    /** After so many of them time goes on to where the next thread wakes. */
    private static final int SPINS_A_JUMP = 64;

    /** So many steps of whichever threads without anything {@link #achieved}. */
    private static final long MOST_STEPS = 200_000;

    private static final CrashPoint[] POINTS = CrashPoint.values();
    private static final int STALL_AT_ONE_IN = 3;
    private static final long MOST_STALL_NANOS = 50_000_000;
    private static final int MOST_FRAMES = 20;
    private static final int MOST_STEP_NANOS = 20_000;
    private static final long MOST_JUMP_MICROS = 7_200_000_000L;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final SplittableRandom random;
    private final Schedule schedule;
    private final SimClock clock = new SimClock();
    private final Disturbances disturbances;
    private final int stepNanos;
    private final List<SimThread> alive = new ArrayList<>();
    /** Those that could run but do not, the longest waiting first. */
    private final List<SimThread> ready = new ArrayList<>();

    private final long[] passed = new long[POINTS.length];
    private BiConsumer<CrashPoint, String> listener = (point, thread) -> {};
    private @Nullable SimThread current;
    private int started;
    /** No wait ends by itself before this. */
    private long earliest = SimThread.NEVER;

    private int idleJumps;
    private int spins;
    private long steps;
    /** The steps when a thread had last come to an end of something. */
    private long achievedAt;
    /** How often a thread has gone on {@link #working} since the last step. */
    private long workedOn;

    private long switches;
    private long traceHash = MIX;
    private boolean stopped;
    private @Nullable Throwable failure;

    /**
     * What happens to a process besides its own doing.
     *
     * @param interruptOneIn of so many waits of client threads that can be interrupted, one is; 0 for none
     * @param clockOneIn at one of so many steps the wall clock is set, forward or back; 0 for never
     * @param haste at one of so many steps time jumps to where the next wait ends by itself; 0 for never
     * @param stallOneIn at one of so many passages of a point the thread stands still, for up to thousands of steps of the
     *     others; 0 for never
     * @param stallAt at these points one passage in three
     */
    public record Disturbances(int interruptOneIn, int clockOneIn, int haste, int stallOneIn, Set<CrashPoint> stallAt) {
        public static final Disturbances NONE = new Disturbances(0, 0, 0, 0, Set.of());

        private boolean stalls(CrashPoint point, SplittableRandom random) {
            return (stallAt.contains(point) && random.nextInt(STALL_AT_ONE_IN) == 0)
                    || (stallOneIn > 0 && random.nextInt(stallOneIn) == 0);
        }

        /** Some of them, or none. */
        public static Disturbances drawn(SplittableRandom random) {
            return new Disturbances(
                    random.nextInt(3) == 0 ? 2 + random.nextInt(20) : 0,
                    random.nextInt(3) == 0 ? 1_000 : 0,
                    random.nextInt(4) == 0 ? 0 : 50 << random.nextInt(6),
                    random.nextBoolean() ? 20 << random.nextInt(6) : 0,
                    random.nextBoolean() ? someOf(POINTS, random) : Set.of());
        }

        /** One of them, or a few: between the steps of one protocol others' protocols must come to their ends. */
        private static Set<CrashPoint> someOf(CrashPoint[] points, SplittableRandom random) {
            Set<CrashPoint> some = EnumSet.of(points[random.nextInt(points.length)]);
            for (int more = random.nextInt(6); more > 0; more--) {
                some.add(points[random.nextInt(points.length)]);
            }
            return some;
        }
    }

    public SimScheduler(long seed, Disturbances disturbances) {
        this.random = new SplittableRandom(seed);
        this.schedule = Schedule.drawn(random.split());
        this.disturbances = disturbances;
        this.stepNanos = 1 + random.nextInt(MOST_STEP_NANOS);
    }

    /** The process's clock. */
    public Clock clock() {
        return clock;
    }

    /** Told of every point that is passed, with the thread's name, before anybody else runs. */
    public void onPoint(BiConsumer<CrashPoint, String> newListener) {
        listener = newListener;
    }

    /** How often the point was passed. */
    public long passed(CrashPoint point) {
        return passed[point.ordinal()];
    }

    /** Depends on every change of the running thread: equal for equal runs. */
    public long traceHash() {
        return (traceHash ^ steps) * MIX;
    }

    /** How often the baton went to another thread. */
    public long switches() {
        return switches;
    }

    /** Virtual nanoseconds; looking does not move it. */
    public long nowNanos() {
        return clock.now();
    }

    /**
     * Runs a process whose first thread is the caller. Returns, or throws what a thread has thrown first, when all its threads
     * have ended; those that are left when {@code main} has ended, or when any thread has thrown, are stopped.
     *
     * @throws StuckException if the threads wait for each other for ever
     */
    public void run(Runnable main) {
        if (current != null || started > 0) {
            throw new IllegalStateException("a schedule is run once");
        }
        // The process's interrupts are its own.
        boolean interruptedBefore = Thread.interrupted();
        SimThread first = add("main", false, Thread.currentThread());
        current = first;
        first.isRunning();
        try {
            main.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
        stop();
        while (alive.size() > 1) {
            first.waitsFor = "the end";
            passOn(first);
        }
        alive.clear();
        current = null;
        Thread.interrupted();
        if (interruptedBefore) {
            Thread.currentThread().interrupt();
        }
        rethrow();
    }

    private void rethrow() {
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /** A further thread of the process, which begins when its turn comes. To be called by a running one. */
    public Client fork(String name, Runnable body) {
        return new Client(begin(name, false, body));
    }

    /** A thread that was forked. */
    public final class Client {
        private final SimThread thread;

        private Client(SimThread thread) {
            this.thread = thread;
        }

        /** Waits for its end. */
        public void join() {
            awaitEnd(thread);
        }
    }

    /** The running thread stands still for about so many steps of the others; if there are none, time goes on without them. */
    public void rest(int othersSteps) {
        block(me(), "its rest to end", clock.now() + 1 + (long) othersSteps * stepNanos / 2);
    }

    /**
     * The running thread goes on with its work, at a place where it does not give way: one that does nothing else for ever is
     * stuck.
     *
     * @throws StuckException then
     */
    public void working() {
        if (++workedOn > MOST_STEPS) {
            StuckException stuck = stuck("busy for ever, without giving way");
            failed(stuck);
            throw stuck;
        }
    }

    /** Something that a thread was to do is done. If nothing ever is, though all threads are busy, the process is stuck. */
    public void achieved() {
        achievedAt = steps;
    }

    /** Whether an interrupt has met the running thread since the last call. */
    public boolean takeInterrupted() {
        SimThread me = me();
        boolean was = me.interrupted;
        me.interrupted = false;
        return was;
    }

    /** A thread has met this: it is what {@link #run} throws, and every thread ends where it stands. Nothing is thrown here. */
    void failed(Throwable e) {
        if (!stopped) {
            failure = e;
            stop();
        }
    }

    private void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        for (SimThread thread : alive) {
            if (thread.waitsFor != null) {
                wake(thread);
            }
        }
    }

    /** A place where another thread may get its turn. */
    void handOver() {
        step(false);
    }

    // --- the seam

    @Override
    public Mutex newMutex() {
        return new SimMutex();
    }

    @Override
    public Signal newSignal() {
        return new SimSignal();
    }

    @Override
    public void spin(int turn) {
        if (++spins > MOST_SPINS) {
            throw stuck("spinning for ever");
        }
        step(true);
    }

    @Override
    public void point(CrashPoint point) {
        passed[point.ordinal()]++;
        SimThread me = me();
        listener.accept(point, me.name);
        if (disturbances.stalls(point, random)) {
            block(me, "its stall at " + point.text() + " to end", clock.now() + random.nextLong(MOST_STALL_NANOS));
        } else {
            step(false);
        }
    }

    @Override
    public Background start(String name, Step step, long idleNanos) {
        return new Machine(name, step, idleNanos);
    }

    // --- the baton

    private SimThread me() {
        SimThread me = current;
        if (me == null || !me.isCaller()) {
            throw new IllegalStateException("not a thread of the simulated process that runs");
        }
        return me;
    }

    private void step(boolean spinning) {
        SimThread me = me();
        checkAlive();
        workedOn = 0;
        if (++steps - achievedAt > MOST_STEPS) {
            throw stuck("busy for ever");
        }
        clock.advance(1 + random.nextInt(stepNanos));
        if (!me.background && !spinning) {
            spins = 0;
            idleJumps = 0;
        }
        if (disturbances.clockOneIn() > 0 && random.nextInt(disturbances.clockOneIn()) == 0) {
            clock.jump(random.nextLong(-MOST_JUMP_MICROS, MOST_JUMP_MICROS));
        }
        boolean hasten = disturbances.haste() > 0 && random.nextInt(disturbances.haste()) == 0;
        // Who spins may be waiting for a thread that only time lets go on.
        boolean idle = spinning && (ready.isEmpty() || spins % SPINS_A_JUMP == 0);
        if ((hasten || idle) && firstDeadline() != SimThread.NEVER) {
            clock.advanceTo(firstDeadline());
        }
        endDueWaits();
        if (ready.isEmpty()) {
            return;
        }
        SimThread next = schedule.next(me, ready, spinning);
        if (next != me) {
            ready.remove(next);
            ready.add(me);
            give(me, next);
            checkAlive();
        }
    }

    /** The thread cannot go on before somebody wakes it, or time does. */
    private void block(SimThread me, String what, long deadlineNanos) {
        checkAlive();
        me.waitsFor = what;
        me.deadlineNanos = deadlineNanos;
        earliest = Math.min(earliest, deadlineNanos);
        passOn(me);
        checkAlive();
    }

    /** Gives the baton to anybody; returns when it is back. */
    private void passOn(SimThread me) {
        steps++;
        clock.advance(1);
        SimThread next = somebody();
        if (next != me) {
            give(me, next);
        }
    }

    /** Who runs now that the present thread cannot. */
    private SimThread somebody() {
        endDueWaits();
        while (ready.isEmpty()) {
            long deadline = firstDeadline();
            if (stopped) {
                throw new IllegalStateException("threads are left that never end");
            }
            if (deadline == SimThread.NEVER || ++idleJumps > MOST_IDLE_JUMPS) {
                failed(stuck("all threads wait"));
            } else {
                clock.advanceTo(deadline);
                endDueWaits();
            }
        }
        SimThread next = schedule.next(null, ready, false);
        ready.remove(next);
        return next;
    }

    /** The baton goes to another; returns when it is back. */
    private void give(SimThread me, SimThread next) {
        me.pause();
        giveForGood(next);
        me.awaitTurn();
    }

    private void giveForGood(SimThread next) {
        switches++;
        traceHash = (traceHash ^ steps ^ (long) next.number << 48) * MIX;
        traceHash ^= traceHash >>> 31;
        current = next;
        next.resume();
    }

    private void wake(SimThread thread) {
        if (thread.waitsFor != null) {
            thread.waitsFor = null;
            thread.awaited = null;
            thread.deadlineNanos = SimThread.NEVER;
            ready.add(thread);
        }
    }

    private long firstDeadline() {
        long first = SimThread.NEVER;
        for (SimThread thread : alive) {
            first = Math.min(first, thread.deadlineNanos);
        }
        return first;
    }

    private void endDueWaits() {
        long now = clock.now();
        if (now < earliest) {
            return;
        }
        for (SimThread thread : alive) {
            if (thread.deadlineNanos <= now) {
                wake(thread);
            }
        }
        earliest = firstDeadline();
    }

    private void checkAlive() {
        if (stopped) {
            throw new ScheduleStopped();
        }
    }

    private StuckException stuck(String how) {
        StringBuilder text = new StringBuilder("stuck: ").append(how);
        for (SimThread thread : alive) {
            text.append("\n  ").append(thread.name);
            text.append(thread.waitsFor == null ? "" : " waits for " + thread.waitsFor);
            Arrays.stream(thread.stack())
                    .filter(element -> !isOfNoInterest(element.getClassName()))
                    .limit(MOST_FRAMES)
                    .forEach(element -> text.append("\n      ").append(element));
        }
        return new StuckException(text.toString());
    }

    private static boolean isOfNoInterest(String className) {
        return className.startsWith("java.")
                || className.startsWith("jdk.")
                || className.startsWith(SimThread.class.getName())
                || (className + "$").startsWith(SimScheduler.class.getName() + "$");
    }

    // --- threads

    private SimThread add(String name, boolean background, Thread thread) {
        SimThread added = new SimThread(started++, name, background, thread);
        alive.add(added);
        schedule.begin(added);
        return added;
    }

    private SimThread begin(String name, boolean background, Runnable body) {
        me();
        checkAlive();
        SimThread[] self = new SimThread[1];
        Thread thread = new Thread(() -> live(self[0], body), "sim-" + name);
        thread.setDaemon(true);
        self[0] = add(name, background, thread);
        ready.add(self[0]);
        return self[0];
    }

    private void live(SimThread me, Runnable body) {
        try {
            checkAlive();
            body.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
        alive.remove(me);
        for (SimThread thread : alive) {
            if (thread.awaited == me || stopped) {
                wake(thread);
            }
        }
        giveForGood(somebody());
    }

    private void awaitEnd(SimThread thread) {
        SimThread me = me();
        while (alive.contains(thread)) {
            me.awaited = thread;
            block(me, "the end of " + thread, SimThread.NEVER);
        }
    }

    private final class Machine implements Background {
        private final SimThread thread;
        private boolean resting;
        private boolean wakeUp;
        private boolean stopping;

        Machine(String name, Step step, long idleNanos) {
            this.thread = begin(name, true, () -> {
                while (!stopping) {
                    if (!step.step() && !stopping) {
                        rest(idleNanos);
                    }
                    handOver();
                }
            });
        }

        private void rest(long idleNanos) {
            if (!wakeUp) {
                resting = true;
                block(thread, "its next turn", clock.now() + idleNanos);
                resting = false;
            }
            wakeUp = false;
        }

        @Override
        public void wake() {
            wakeUp = true;
            if (resting) {
                SimScheduler.this.wake(thread);
            }
        }

        @Override
        public void stop() {
            stopping = true;
            wake();
            if (thread != current) {
                awaitEnd(thread);
            }
        }
    }

    // --- waiting

    private final class SimMutex implements Mutex {
        private @Nullable SimThread owner;
        private final List<SimThread> waiters = new ArrayList<>();

        @Override
        public void lock() {
            handOver();
            SimThread me = me();
            while (!tryLock()) {
                waiters.add(me);
                block(me, "a mutex of " + owner, SimThread.NEVER);
            }
        }

        @Override
        public boolean tryLock() {
            SimThread me = me();
            if (owner == me) {
                throw new IllegalStateException("this thread holds the mutex already");
            }
            if (owner != null) {
                return false;
            }
            owner = me;
            return true;
        }

        @Override
        public void unlock() {
            if (owner != me()) {
                throw new IllegalMonitorStateException("the mutex is not held by this thread");
            }
            owner = null;
            waiters.forEach(SimScheduler.this::wake);
            waiters.clear();
            if (!stopped) {
                handOver();
            }
        }
    }

    /** One who waits for a signal. */
    private record Waiter(SimThread thread, BooleanSupplier done) {}

    private final class SimSignal implements Signal {
        private final List<Waiter> waiters = new ArrayList<>();

        @Override
        public boolean await(BooleanSupplier done, long timeoutNanos) throws InterruptedException {
            handOver();
            SimThread me = me();
            if (Thread.interrupted()) {
                me.interrupted = true;
                throw new InterruptedException();
            }
            long until = timeoutNanos >= SimThread.NEVER - clock.now() ? SimThread.NEVER : clock.now() + timeoutNanos;
            long interruptAt = interruptAt(me);
            while (!done.getAsBoolean()) {
                if (clock.now() >= until) {
                    return false;
                }
                if (clock.now() >= interruptAt) {
                    me.interrupted = true;
                    throw new InterruptedException();
                }
                waitFor(me, done, Math.min(until, interruptAt));
            }
            return true;
        }

        @Override
        public void awaitUninterruptibly(BooleanSupplier done) {
            handOver();
            SimThread me = me();
            while (!done.getAsBoolean()) {
                waitFor(me, done, SimThread.NEVER);
            }
        }

        private void waitFor(SimThread me, BooleanSupplier done, long deadline) {
            Waiter waiter = new Waiter(me, done);
            waiters.add(waiter);
            try {
                block(me, "a signal", deadline);
            } finally {
                waiters.remove(waiter);
            }
        }

        private long interruptAt(SimThread me) {
            int oneIn = disturbances.interruptOneIn();
            boolean due = !me.background && oneIn > 0 && random.nextInt(oneIn) == 0;
            return due ? clock.now() + random.nextLong(stepNanos * 100L) : SimThread.NEVER;
        }

        @Override
        public void signalAll() {
            for (Waiter waiter : waiters) {
                if (waiter.done().getAsBoolean()) {
                    wake(waiter.thread());
                }
            }
            if (!stopped) {
                handOver();
            }
        }
    }
}
