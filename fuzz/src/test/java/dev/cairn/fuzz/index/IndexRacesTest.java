package dev.cairn.fuzz.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.storage.base.Environment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class IndexRacesTest {

    @Test
    void underManySchedules() {
        Set<Long> schedules = new HashSet<>();
        for (long seed = 1; seed <= 12; seed++) {
            schedules.add(IndexRaces.simulated(seed, 150));
        }
        assertTrue(schedules.size() > 10, "different seeds, different schedules: " + schedules.size());
        assertEquals(IndexRaces.simulated(3, 60), IndexRaces.simulated(3, 60));
    }

    /** Seed 6 is one where a scan would go on in a page that was used again elsewhere, if it took it for the neighbour that it was. */
    @Test
    void pagesThatBecomeEmptyAreUsedAgainUnderScans() {
        for (long seed = 1; seed <= 8; seed++) {
            IndexRaces.simulated(seed, 1000);
        }
    }

    @Test
    void withThreadsAtOnce() {
        IndexRaces.threaded(1, 3000, new SimDisk(), Environment.system());
    }
}
