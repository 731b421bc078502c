package dev.cairn.fuzz.mutant;

import dev.cairn.fuzz.corrupt.DamageSample;
import dev.cairn.fuzz.crash.CrashExplorer;
import dev.cairn.fuzz.crash.ManyLives;
import dev.cairn.fuzz.fault.FaultMatrix;
import dev.cairn.fuzz.fault.FaultyLives;
import dev.cairn.fuzz.index.IndexRaces;
import dev.cairn.fuzz.isolation.IsolationCampaign;
import dev.cairn.fuzz.workload.Workload;
import java.time.Duration;
import java.util.Locale;

/**
 * The campaign that every mutant faces, in a process of its own, the same seeds in the same order up to the first failure. A round
 * is, with every workload, a few seeds of {@code random} and, every other time, one of {@code exhaustive}
 * with a trace cut short, and between them a few seeds of random sessions at each isolation level, a few schedules of one index and single bits of a
 * crashed database flipped; after the first round come the interleavings of the isolation scripts. Its last line is {@code clean parts=N states=N
 * cpu=SECONDS} or {@code caught N cpu=SECONDS in MODE WORKLOAD SEED: CAUSE}.
 */
final class GeneralCampaign {

    private static final int ISOLATION_PER_ROUND = 4;
    private static final int RANDOMS_PER_ROUND = 3;
    private static final int INDEXES_PER_ROUND = 6;
    private static final int INDEX_TURNS = 1000;
    private static final int EXHAUSTIVE_STEPS = 30;
    private static final int EXHAUSTIVE_BULK_STEPS = 8;
    private static final int THOROUGH_EVERY = 15;
    private static final int EXHAUSTIVE_DDL_STEPS = 160;
    private static final long BYTES_PER_FLIP = 1021;
    private static final int MOST_SAID = 200;
    /** Of the processors. The longest part takes a third of it. */
    private static final double MOST_PART_SECONDS = 30;

    private static final long WATCH_MILLIS = 500;

    private final long rounds;
    private volatile Part present = new Part("", 0, 0);
    private long states;

    /** @param begun at that processor time, in seconds */
    private record Part(String name, long number, double begun) {}

    private GeneralCampaign(long rounds) {
        this.rounds = rounds;
    }

    /** Argument: how many rounds. */
    public static void main(String[] arguments) {
        GeneralCampaign campaign = new GeneralCampaign(Long.parseLong(arguments[0]));
        Thread watch = new Thread(campaign::watch, "watch");
        watch.setDaemon(true);
        watch.start();
        if (campaign.run()) {
            System.out.println("clean parts=" + campaign.present.number() + " states=" + campaign.states + " cpu="
                    + text(cpuSeconds()));
        }
    }

    /** A thread that never passes a place where it could be stopped is one that the scheduler cannot notice. */
    private void watch() {
        try {
            while (cpuSeconds() - present.begun() < MOST_PART_SECONDS) {
                Thread.sleep(WATCH_MILLIS);
            }
            caught("no end of it after " + (int) MOST_PART_SECONDS + " s of the processor");
            Runtime.getRuntime().halt(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean run() {
        for (long round = 1; round <= rounds; round++) {
            if (!round(round)) {
                return false;
            }
            if (round == 1 && !part("isolation scripts 0", () -> new IsolationCampaign().interleavings())) {
                return false;
            }
        }
        return true;
    }

    private boolean round(long round) {
        for (Workload workload : Workload.all()) {
            if (!randoms(round, workload)) {
                return false;
            }
        }
        long first = 1 + (round - 1) * ISOLATION_PER_ROUND;
        if (!part("isolation sessions " + first, () -> new IsolationCampaign().run(first, ISOLATION_PER_ROUND))) {
            return false;
        }
        long drawn = 1 + (round - 1) * INDEXES_PER_ROUND;
        if (!part("index schedules " + drawn, () -> indexes(drawn))) {
            return false;
        }
        if (!part("corrupt crashed " + round, () -> flips(round))) {
            return false;
        }
        if (round % 2 == 0) {
            return true;
        }
        for (Workload workload : Workload.all()) {
            if (!part("exhaustive " + workload.name() + " " + round, () -> exhaustive(round, workload))) {
                return false;
            }
        }
        return true;
    }

    private boolean randoms(long round, Workload workload) {
        int count = workload.bulk() > 0 ? 1 : RANDOMS_PER_ROUND;
        for (long seed = (round - 1) * count + 1; seed <= round * count; seed++) {
            long drawn = seed;
            if (!part("random " + workload.name() + " " + seed, () -> random(drawn, workload))) {
                return false;
            }
        }
        return true;
    }

    private void random(long seed, Workload workload) {
        states += new ManyLives(seed, workload).run().counts().distinct();
        states += new FaultyLives(seed, workload, new FaultMatrix()).run().lives();
    }

    private void exhaustive(long seed, Workload workload) {
        // Files come and go late in a trace.
        boolean files = workload.equals(Workload.DDL);
        int steps = files ? EXHAUSTIVE_DDL_STEPS : workload.bulk() > 0 ? EXHAUSTIVE_BULK_STEPS : EXHAUSTIVE_STEPS;
        CrashExplorer.Settings settings = new CrashExplorer.Settings(
                files ? workload.hardlySynced() : workload, steps, CrashExplorer.Shape.WIDE, 0, THOROUGH_EVERY);
        states += new CrashExplorer(seed, settings).explore().counts().distinct();
    }

    private static void indexes(long first) {
        for (long seed = first; seed < first + INDEXES_PER_ROUND; seed++) {
            IndexRaces.simulated(seed, INDEX_TURNS);
        }
    }

    private void flips(long round) {
        states += new DamageSample(round).judge(round - 1, BYTES_PER_FLIP);
    }

    private boolean part(String name, Runnable body) {
        present = new Part(name, present.number() + 1, cpuSeconds());
        try {
            body.run();
            return true;
        } catch (LinkageError e) {
            // The patch and the rest of the program do not fit together: nothing was shown.
            throw e;
        } catch (RuntimeException | Error e) {
            caught(said(e));
            return false;
        }
    }

    private void caught(String by) {
        Part part = present;
        System.out.println("caught " + part.number() + " cpu=" + text(cpuSeconds()) + " in " + part.name() + ": " + by);
        System.out.flush();
    }

    private static String said(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = cause.toString().lines().findFirst().orElse("");
        String cut = said.substring(said.lastIndexOf('.', said.indexOf(':')) + 1);
        return cut.length() <= MOST_SAID ? cut : cut.substring(0, MOST_SAID) + " …";
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
    }

    private static String text(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }
}
