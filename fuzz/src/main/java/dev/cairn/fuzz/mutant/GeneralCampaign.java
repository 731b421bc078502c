package dev.cairn.fuzz.mutant;

import dev.cairn.fuzz.FuzzCampaign;
import dev.cairn.fuzz.FuzzCampaign.Failure;
import dev.cairn.fuzz.FuzzCampaign.Mode;
import dev.cairn.fuzz.FuzzCampaign.Options;
import dev.cairn.fuzz.FuzzCampaign.Summary;
import dev.cairn.fuzz.isolation.IsolationCampaign;
import dev.cairn.fuzz.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The campaign that every mutant faces, in a process of its own: isolation, then all workloads in turn, random and exhaustive, the same
 * seeds in the same order, up to the first failure. Its last line is {@code clean seeds=N states=N} or {@code caught N in
 * MODE WORKLOAD SEED: CAUSE}.
 */
final class GeneralCampaign {

    private static final int ISOLATION_SEEDS = 24;

    private static final int RANDOM_PER_ROUND = 4;

    private final long seeds;
    private final List<Failure> failures = new ArrayList<>();
    private long done;
    private long states;

    private GeneralCampaign(long seeds) {
        this.seeds = seeds;
    }

    /** Argument: how many seeds at most. */
    public static void main(String[] arguments) throws InterruptedException {
        new GeneralCampaign(Long.parseLong(arguments[0])).run();
    }

    private void run() throws InterruptedException {
        isolation();
        for (int round = 1; mayGoOn(); round++) {
            for (Workload workload : Workload.all()) {
                for (int i = 0; i < RANDOM_PER_ROUND; i++) {
                    seed(Mode.RANDOM, (round - 1L) * RANDOM_PER_ROUND + i + 1, workload);
                }
                seed(Mode.EXHAUSTIVE, round, workload);
            }
        }
        if (failures.isEmpty()) {
            System.out.println("clean seeds=" + done + " states=" + states);
        }
    }

    /** What sessions see of each other; its seeds are not counted. */
    private void isolation() {
        IsolationCampaign campaign = new IsolationCampaign();
        String what = "isolation scripts 0";
        try {
            campaign.interleavings();
            what = "isolation sessions " + ISOLATION_SEEDS;
            campaign.run(1, ISOLATION_SEEDS);
        } catch (RuntimeException e) {
            failures.add(new Failure(what, e));
            System.out.println("caught 0 in " + what + ": " + said(e));
        }
    }

    private boolean mayGoOn() {
        return failures.isEmpty() && done < seeds;
    }

    private void seed(Mode mode, long seed, Workload workload) throws InterruptedException {
        if (!mayGoOn()) {
            return;
        }
        Summary summary = new FuzzCampaign(new Options(mode, seed, 1, 0, workload, 0), failures::add).run();
        done++;
        states += summary.counts().distinct();
        if (!failures.isEmpty()) {
            Throwable cause = failures.get(0).cause();
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            System.out.println("caught " + done + " in " + mode.name().toLowerCase(Locale.ROOT) + " " + workload.name()
                    + " " + seed + ": " + said(cause));
        }
    }

    private static String said(Throwable cause) {
        String said = cause.toString().lines().findFirst().orElse("");
        return said.substring(said.lastIndexOf('.', said.indexOf(':')) + 1);
    }
}
