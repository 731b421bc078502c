package dev.cairn.tools.fuzz;

import dev.cairn.fuzz.isolation.IsolationCampaign;
import dev.cairn.fuzz.isolation.IsolationFailure;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.FailureText;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code cairn fuzz isolation}: seed after seed of sessions beside each other, at every level, through a loss of power and a
 * recovery; or one interleaving of a script.
 */
final class IsolationMode {

    private static final int RERUN_EVERY = 100;

    private final Console console;
    private final boolean json;
    private final IsolationCampaign campaign = new IsolationCampaign();
    private final Set<Long> schedules = new HashSet<>();
    private long seeds;
    private long failures;
    private long reruns;
    private long mismatches;

    IsolationMode(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    /** @param name of an interleaving: script, level and order */
    int only(String name) {
        try {
            campaign.only(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--only: " + e.getMessage());
        } catch (IsolationFailure e) {
            fail("--only='" + name + "'", e);
        }
        seeds = 1;
        return summary(1, 1, 1, cpuNanos());
    }

    /**
     * Runs seeds from the first one on.
     *
     * @param most how many; 0 for as many as the time allows
     * @param nanos no seed is begun later than this; 0 for no limit
     */
    int run(long first, long most, long nanos) {
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        while ((most == 0 || seeds < most) && (nanos == 0 || System.nanoTime() - begun < nanos)) {
            seed(first + seeds, seeds % RERUN_EVERY == 0);
            seeds++;
            console.progress(seeds + " seeds");
        }
        long judged = seeds * IsolationCampaign.HISTORIES;
        return summary(first, judged, (long) schedules.size() * IsolationCampaign.HISTORIES, cpuNanos() - cpu);
    }

    private void seed(long seed, boolean twice) {
        try {
            long schedule = campaign.run(seed);
            schedules.add(schedule);
            if (twice) {
                reruns++;
                if (campaign.run(seed) != schedule) {
                    mismatches++;
                    fail("--seed=" + seed, new IllegalStateException("the same seed does not do the same twice"));
                }
            }
        } catch (RuntimeException e) {
            fail("--seed=" + seed, e);
        }
    }

    private void fail(String which, RuntimeException cause) {
        failures++;
        String reproduce = "./cairn fuzz isolation " + which;
        console.line(
                json
                        ? new JsonObject()
                                .put("failure", cause.toString())
                                .put("reproduce", reproduce)
                                .toString()
                        : "reproduce: " + reproduce);
        console.error(FailureText.of(cause));
    }

    private int summary(long first, long judged, long distinct, long cpu) {
        long perSecond = distinct * TimeUnit.SECONDS.toNanos(1) / Math.max(1, cpu);
        console.line(
                json
                        ? "{\"mode\":\"isolation\",\"seed\":" + first + ",\"seeds\":" + seeds + ",\"states\":" + judged
                                + ",\"distinct\":" + distinct + ",\"kills\":0,\"failures\":" + failures
                                + ",\"reruns\":" + reruns + ",\"mismatches\":" + mismatches
                                + ",\"per_second_core\":" + perSecond + "}"
                        : "fuzz: mode=isolation seed=" + first + " seeds=" + seeds + " states=" + judged
                                + " distinct=" + distinct + " kills=0 failures=" + failures + " reruns=" + reruns
                                + " mismatches=" + mismatches + " per_second_core=" + perSecond);
        return failures == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }
}
