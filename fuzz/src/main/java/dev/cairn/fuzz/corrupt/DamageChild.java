package dev.cairn.fuzz.corrupt;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The process that judges: a JVM that dies, hangs or runs out of memory takes only itself along. It says {@code at NUMBER}
 * with the counts so far every now and then, {@code failed NUMBER TEXT} for a trial that failed, {@code hangs NUMBER} before it
 * ends because one took too long, and {@code done}.
 */
final class DamageChild {

    static final int HANGS = 9;
    static final int TRIALS_PER_REPORT = 64;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** A trial that gets no processor time, on a machine that is busy elsewhere, may take so many times as long. */
    private static final int BUSY_FACTOR = 12;

    private static final long WATCH_MILLIS = 500;

    private final PrintStream out = System.out;
    private final long[] counts = new long[Outcome.values().length];
    private final long longestNanos;
    private volatile long number;
    private final Thread judge = Thread.currentThread();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private volatile long begunNanos;
    private volatile long begunCpuNanos;

    /** @param longestNanos that a trial may take; the calling thread is the one that judges */
    DamageChild(long longestNanos) {
        this.longestNanos = longestNanos;
    }

    /** Arguments: the kind of trials, the seed, the first number, the one behind the last, the step. */
    public static void main(String[] arguments) {
        DamageChild child = new DamageChild(LONGEST_NANOS);
        Trials trials = Trials.Kind.valueOf(arguments[0]).of(Long.parseLong(arguments[1]));
        child.begin();
        Thread watch = new Thread(child::watch, "watch");
        watch.setDaemon(true);
        watch.start();
        long to = Math.min(Long.parseLong(arguments[3]), trials.count());
        child.run(trials, Long.parseLong(arguments[2]), to, Long.parseLong(arguments[4]));
        child.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void run(Trials trials, long from, long to, long step) {
        long done = 0;
        for (long next = from; next < to; next += step) {
            if (done++ % TRIALS_PER_REPORT == 0) {
                say("at " + next + " " + total());
            }
            number = next;
            begin();
            try {
                counts[trials.judge(next).ordinal()]++;
            } catch (UnreportedDamage e) {
                say("failed " + next + " " + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
        say("done " + to + " " + total());
    }

    private String total() {
        return Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    /** A trial begins. */
    void begin() {
        begunCpuNanos = threads.getCurrentThreadCpuTime();
        begunNanos = System.nanoTime();
    }

    /** Whether the trial has used up its time, or waits for something that does not come. */
    boolean hangs() {
        long nanos = System.nanoTime() - begunNanos;
        return nanos > longestNanos
                && (judge.getState() != Thread.State.RUNNABLE
                        || threads.getThreadCpuTime(judge.getId()) - begunCpuNanos > longestNanos
                        || nanos > BUSY_FACTOR * longestNanos);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                if (hangs()) {
                    say("hangs " + number);
                    Runtime.getRuntime().halt(HANGS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void say(String line) {
        out.print(line + "\n");
        out.flush();
    }
}
