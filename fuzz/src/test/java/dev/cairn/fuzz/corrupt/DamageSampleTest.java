package dev.cairn.fuzz.corrupt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamageSampleTest {

    /** Damage to what was durable for certain is no torn tail: an open that went on without it would give fewer rows. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void nothingDurableIsLostSilentlyFromACrashedDatabase(long seed) {
        assertTrue(new DamageSample(seed).judge(5, 401) > 500);
    }
}
