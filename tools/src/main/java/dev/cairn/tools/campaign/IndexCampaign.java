package dev.cairn.tools.campaign;

import dev.cairn.fuzz.index.IndexRaces;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The campaign "index": a tree under writers and readers at once, by turns with threads on a real disk and under seeded
 * schedules on a simulated one, until its time is over.
 */
final class IndexCampaign {

    /** Of each of the three writers. */
    private static final int THREAD_TURNS = 400_000;

    private static final int SIMULATED_TURNS = 150;
    private static final int SCHEDULES_A_ROUND = 30;
    private static final int WRITERS = 3;

    private final Console console;
    private final Path parent;
    private final long seconds;

    IndexCampaign(Console console, Path parent, long seconds) {
        this.console = console;
        this.parent = parent;
        this.seconds = seconds;
    }

    int run() throws IOException {
        long begun = System.nanoTime();
        long operations = 0;
        long schedules = 0;
        long seed = 0;
        try {
            while (schedules == 0 || secondsSince(begun) < seconds) {
                seed++;
                try (ScratchDirectory scratch = ScratchDirectory.create(parent, "cairn-index-")) {
                    IndexRaces.threaded(seed, THREAD_TURNS, new RealDisk(scratch.path()), Environment.system());
                }
                operations += (long) WRITERS * THREAD_TURNS;
                for (int i = 0; i < SCHEDULES_A_ROUND; i++) {
                    IndexRaces.simulated(seed * SCHEDULES_A_ROUND + i, SIMULATED_TURNS);
                    schedules++;
                }
                operations += (long) WRITERS * SIMULATED_TURNS * SCHEDULES_A_ROUND;
                console.progress("campaign index: " + operations + " operations");
            }
        } catch (IllegalStateException e) {
            console.error("campaign index: round " + seed + ": " + e.getMessage());
            console.line("campaign: index FAILED seconds=" + secondsSince(begun));
            return ExitCode.FAILED;
        }
        console.line("campaign: index ok operations=" + operations + " schedules=" + schedules + " seconds="
                + secondsSince(begun));
        return ExitCode.DONE;
    }

    private static long secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000_000L;
    }
}
