package dev.cairn.fuzz.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.txn.IsolationLevel;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every order of the steps of transactions that would show an anomaly: where the level allows it, some do; else none. */
class InterleavingsTest {

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void twoTransactionsOfFiveSteps(IsolationLevel level) {
        all(AnomalyScript.ofTwo(), level, 252);
    }

    @ParameterizedTest
    @EnumSource(IsolationLevel.class)
    void threeTransactionsOfThreeSteps(IsolationLevel level) {
        all(AnomalyScript.ofThree(), level, 1680);
    }

    private static void all(List<AnomalyScript> scripts, IsolationLevel level, int orders) {
        for (AnomalyScript script : scripts) {
            Interleavings interleavings = Interleavings.all(script, level);
            interleavings.run();
            assertEquals(orders, interleavings.runs());
            if (script.shows().isAllowedAt(level)) {
                assertTrue(
                        interleavings.shown().containsKey(script.shows()),
                        () -> script.name() + " at " + level + " shows only " + interleavings.shown());
            }
        }
    }
}
