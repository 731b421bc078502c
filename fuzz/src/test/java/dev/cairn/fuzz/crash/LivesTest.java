package dev.cairn.fuzz.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.Mismatch;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.fuzz.workload.Workload;
import org.junit.jupiter.api.Test;

class LivesTest {

    /** Two runs in which a sync failed in the background, and a close followed that said nothing. */
    @Test
    void whatAFailedEngineClosesWithIsNotDurable() {
        for (long seed : new long[] {60_000_229, 60_000_240}) {
            assertEquals(
                    8, new ManyLives(seed, Workload.CHECKPOINTS).run().counts().states(), "seed " + seed);
        }
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
