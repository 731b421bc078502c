package dev.cairn.fuzz.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.fuzz.disk.FaultPlan;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.fuzz.workload.SimulatedRun;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.storage.base.EngineFailedException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LivesTest {

    private static final long THREADS_SEED = 91;
    private static final int THREADS_STEPS = 60;
    private static final Set<Kind> SYNCS = EnumSet.of(Kind.SYNC, Kind.WRITE_THROUGH, Kind.SYNC_DIRECTORY);

    /** Two runs in which a sync failed in the background, and a close followed that said nothing. */
    @Test
    void whatAFailedEngineClosesWithIsNotDurable() {
        for (long seed : new long[] {60_000_229, 60_000_240}) {
            assertEquals(
                    8, new ManyLives(seed, Workload.CHECKPOINTS).run().counts().states(), "seed " + seed);
        }
    }

    /** The same with sessions on threads of their own: at one of these operations the flusher's sync fails behind the last step. */
    @Test
    void whatAFailedEngineClosesWithBehindThreadsIsNotDurable() {
        DatabaseOptions options = SimulatedDatabases.options(THREADS_SEED);
        SimDisk whole = new SimDisk();
        SimulatedRun.of(THREADS_SEED, Workload.CONCURRENT, options).run(whole, THREADS_STEPS);
        int failed = 0;
        for (long from = 1; from <= whole.operations(); from++) {
            long first = from;
            SimDisk disk = new SimDisk();
            disk.faults(operation -> operation.number() >= first && SYNCS.contains(operation.kind())
                    ? FaultPlan.Fault.IO_ERROR
                    : FaultPlan.Fault.NONE);
            SimulatedRun run = SimulatedRun.of(THREADS_SEED, Workload.CONCURRENT, options);
            try {
                run.run(disk, THREADS_STEPS);
            } catch (EngineFailedException e) {
                failed++;
            }
            new RecoveryCheck(options, THREADS_SEED, new CrashCounts(), run.images())
                    .check(disk.crash(CrashChoices.allOld()), run.model(), true);
        }
        assertTrue(failed > 20, failed + " of " + whole.operations());
    }

    @Test
    void i6_everyOpeningBeginsALifeThatIsNewerThanAllBefore() {
        SimDisk disk = new SimDisk();
        assertEquals(0, Lives.newest(disk));
        new SimEnvironment(1).open(disk, SimulatedDatabases.options(1));
        for (long life = 1; life < 5; life++) {
            SimDisk image = disk.crash(CrashChoices.allNew());
            long before = Lives.newest(image);
            assertTrue(before >= life, "lives: " + before);
            new SimEnvironment(life).open(image, SimulatedDatabases.options(1));
            Lives.check(before, image);
            Mismatch again = assertThrows(Mismatch.class, () -> Lives.check(Lives.newest(image), image));
            assertTrue(String.valueOf(again.getMessage()).startsWith("i6: "), again.getMessage());
            disk = image;
        }
    }
}
