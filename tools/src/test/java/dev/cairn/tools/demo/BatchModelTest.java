package dev.cairn.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.demo.DemoPlan.Insert;
import dev.cairn.tools.demo.DemoPlan.Release;
import dev.cairn.tools.demo.DemoPlan.RollbackTo;
import dev.cairn.tools.demo.DemoPlan.RowKey;
import dev.cairn.tools.demo.DemoPlan.Savepoint;
import dev.cairn.tools.demo.DemoPlan.Update;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BatchModelTest {

    private static RowKey key(int branch, int line) {
        return new RowKey(branch, line);
    }

    private static Set<Integer> rolledBack(BatchModel model) {
        return model.branches().stream()
                .filter(BatchModel.Branch::isRolledBack)
                .map(branch -> branch.number)
                .collect(Collectors.toSet());
    }

    @Test
    void rollingBackPutsBackWhatWasThere() {
        BatchModel model = BatchModel.of(List.of(
                new Insert(key(0, 0), 1),
                new Savepoint("a", 1),
                new Insert(key(1, 1), 2),
                new Update(key(0, 0), 9),
                new Savepoint("b", 2),
                new Insert(key(2, 2), 3),
                new Release("b"),
                new RollbackTo("a", 3),
                new Insert(key(3, 3), 4),
                new Release("a"),
                new Insert(key(0, 4), 5)));
        assertEquals(Map.of(key(0, 0), 1L, key(3, 3), 4L, key(0, 4), 5L), model.rows());
        assertEquals(Set.of(1, 2), rolledBack(model));
    }

    @Test
    void theLatestOfANameCounts() {
        BatchModel model = BatchModel.of(List.of(
                new Savepoint("a", 1),
                new Insert(key(1, 0), 1),
                new Savepoint("a", 2),
                new Insert(key(2, 1), 2),
                new RollbackTo("a", 3)));
        assertEquals(Map.of(key(1, 0), 1L), model.rows());
        assertEquals(Set.of(2), rolledBack(model));
    }

    @Test
    void aPlanIsTheSameEveryTime() {
        assertEquals(DemoPlan.batch(7, 3), DemoPlan.batch(7, 3));
        assertFalse(DemoPlan.batch(7, 3).equals(DemoPlan.batch(8, 3)));
    }

    @Test
    void aPlanNeverTouchesARowTwice() {
        for (long batch = 1; batch < 500; batch++) {
            List<DemoPlan.Step> steps = DemoPlan.batch(1, batch);
            BatchModel model = new BatchModel();
            for (DemoPlan.Step step : steps) {
                if (step instanceof Update update) {
                    assertTrue(model.untouched().contains(update.key()));
                } else if (step instanceof DemoPlan.Delete delete) {
                    assertTrue(model.untouched().contains(delete.key()));
                }
                model.apply(step);
            }
            assertTrue(model.rows().containsKey(key(0, 0)), "the first row shows that the batch is there");
        }
    }
}
