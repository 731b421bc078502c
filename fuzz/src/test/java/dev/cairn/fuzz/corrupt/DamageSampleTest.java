package dev.cairn.fuzz.corrupt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DamageSampleTest {

    /** Damage to what was durable for certain is no torn tail: an open that went on without it would give fewer rows. */
    @Test
    void nothingDurableIsLostSilentlyFromACrashedDatabase() {
        assertTrue(new DamageSample(2).judge(5, 401) > 500);
    }
}
