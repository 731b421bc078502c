package dev.cairn.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.demo.DemoPlan.RowKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The oracle must be as strict as it says: what it accepts, and each kind of thing that it must not. */
class DemoProofTest {

    private static final long SEED = 5;
    private static final long ACKNOWLEDGED = 40;

    private final TreeMap<Long, Map<RowKey, Long>> found = new TreeMap<>();

    DemoProofTest() {
        for (long batch = 1; batch <= ACKNOWLEDGED; batch++) {
            found.put(batch, new HashMap<>(rows(batch)));
        }
    }

    private static Map<RowKey, Long> rows(long batch) {
        return BatchModel.of(DemoPlan.batch(SEED, batch)).rows();
    }

    private DemoProof judge() {
        return DemoProof.judge(SEED, ACKNOWLEDGED, 70, found);
    }

    @Test
    void whatThePlanSaysIsAccepted() {
        DemoProof proof = judge();
        assertEquals(List.of(), proof.complaints());
        assertEquals(ACKNOWLEDGED, proof.recovered());
        assertEquals(0, proof.lost());
        assertEquals(0, proof.phantom());
        assertTrue(
                proof.kept() > 20 && proof.rolledBack() > 20 && proof.unfinished() >= 70, "a plan with little in it");
    }

    @Test
    void theOneInFlightMayBeThereAsAWhole() {
        found.put(ACKNOWLEDGED + 1, new HashMap<>(rows(ACKNOWLEDGED + 1)));
        DemoProof proof = judge();
        assertEquals(List.of(), proof.complaints());
        assertEquals(ACKNOWLEDGED + 1, proof.recovered());
    }

    @Test
    void theOneInFlightMayNotBeThereInPart() {
        Map<RowKey, Long> rows = new HashMap<>(rows(ACKNOWLEDGED + 1));
        rows.remove(rows.keySet().iterator().next());
        rows.put(new RowKey(0, 999), 1L);
        found.put(ACKNOWLEDGED + 1, rows);
        assertFalse(judge().complaints().isEmpty());
    }

    @Test
    void i7_anAcknowledgedBatchMayNotBeMissing() {
        found.remove(17L);
        DemoProof proof = judge();
        assertEquals(1, proof.lost());
        assertFalse(proof.complaints().isEmpty());
    }

    @Test
    void i12_aRowOfARolledBackBranchMayNotBeThere() {
        BatchModel.Branch rolledBack = null;
        long batch = 0;
        while (rolledBack == null) {
            batch++;
            rolledBack = BatchModel.of(DemoPlan.batch(SEED, batch)).branches().stream()
                    .filter(BatchModel.Branch::isRolledBack)
                    .findFirst()
                    .orElse(null);
        }
        found.get(batch).put(new RowKey(rolledBack.number, 3), 7L);
        DemoProof proof = judge();
        assertEquals(1, proof.phantom());
        assertFalse(proof.complaints().isEmpty());
    }

    @Test
    void anAmountOfARolledBackUpdateMayNotBeThere() {
        found.get(3L).replaceAll((key, amount) -> amount + 1);
        DemoProof proof = judge();
        assertEquals(rows(3).size(), proof.phantom());
        assertEquals(1, proof.lost());
    }

    @Test
    void nothingOfTheImportMayBeThere() {
        found.put(DemoPlan.IMPORT, Map.of(new RowKey(1, 0), 5L));
        assertEquals(1, judge().phantom());
        assertFalse(judge().complaints().isEmpty());
    }

    @Test
    void nothingFromTheFutureMayBeThere() {
        found.put(ACKNOWLEDGED + 2, new HashMap<>(rows(ACKNOWLEDGED + 2)));
        assertFalse(judge().complaints().isEmpty());
    }
}
