package dev.cairn.wal.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Seeds are part of the format: another mixture would make every log unreadable. */
class SeedsTest {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    /** The first numbers that SplitMix64 gives for the seed 0, as published with it. */
    @Test
    void mixesAsSplitMix64() {
        assertEquals(0, Seeds.mix(0));
        assertEquals(0xE220A8397B1DCDAFL, Seeds.mix(STEP));
        assertEquals(0x6E789E6AA1B965F4L, Seeds.mix(2 * STEP));
        assertEquals(0x06C45D188009454FL, Seeds.mix(3 * STEP));
    }

    @Test
    void dependsOnDatabaseLifeSaltAndPlace() {
        long life = Seeds.ofLife(5, 7, 9);
        assertEquals(Seeds.mix(Seeds.mix(Seeds.mix(5) + 7 * STEP) ^ 9), life);
        assertNotEquals(life, Seeds.ofLife(5, 8, 9));
        assertEquals(Seeds.mix(life + 64 * STEP), Seeds.ofRecord(life, 64));
        assertNotEquals(Seeds.ofRecord(life, 64), Seeds.ofRecord(life, 72));
    }
}
