package dev.cairn.fuzz.points;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.points.PointCoverage.Profile;
import dev.cairn.storage.base.CrashPoint;
import org.junit.jupiter.api.Test;

class PointCoverageTest {

    @Test
    void countsOfOtherProcessesAddUp() {
        PointCoverage one = new PointCoverage();
        one.met(Profile.KILL, CrashPoint.COMMIT_DURABLE, 3);
        one.met(Profile.RANDOM, CrashPoint.LOG_SYNCED, 2000);
        PointCoverage all = new PointCoverage();
        all.met(Profile.KILL, CrashPoint.COMMIT_DURABLE, 1);
        one.lines().forEach(all::add);
        assertEquals(4, all.count(Profile.KILL, CrashPoint.COMMIT_DURABLE));
        assertEquals(1, all.covered(Profile.RANDOM));
        assertEquals("0 of " + CrashPoint.values().length + " crash points", all.progress(Profile.EXHAUSTIVE));
        assertTrue(all.markdown().startsWith("| crash point | exhaustive | random | kill |\n|---|---:|---:|---:|\n"));
        assertTrue(all.markdown().contains("\n| `log.synced` | **none** | 2,000 | **none** |\n"), all.markdown());
        assertEquals(CrashPoint.values().length - 2, all.unmet().size());
        assertFalse(all.unmet().contains("commit.durable"));
    }

    @Test
    void otherLinesAreRefused() {
        PointCoverage coverage = new PointCoverage();
        assertThrows(IllegalArgumentException.class, () -> coverage.add("point kill commit.durable"));
        assertThrows(IllegalArgumentException.class, () -> coverage.add("point kill no.such-point 1"));
        assertThrows(IllegalArgumentException.class, () -> coverage.add("point other commit.durable 1"));
    }
}
