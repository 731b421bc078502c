package dev.cairn.fuzz.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Orders of steps: all of them, each once, but for those that another stands for. */
class OrdersTest {

    private static long count(Orders orders) {
        long count = 0;
        while (orders.next()) {
            count++;
        }
        return count;
    }

    @Test
    void withoutSymmetriesEachOrderIsThere() {
        Orders orders = new Orders(new int[] {5, 5}, List.of(), (i, a, j, b) -> false);
        assertEquals(252, count(orders));
        assertEquals(252, orders.passed());
    }

    @Test
    void whatIsTheSameButForItsNamesIsThereOnce() {
        Orders orders =
                new Orders(new int[] {2, 2}, List.of(new int[] {0, 1}, new int[] {1, 0}), (i, a, j, b) -> false);
        assertEquals(3, count(orders));
        assertEquals(6, orders.passed());
    }

    @Test
    void neighboursThatDoNotMindComeInOneOrder() {
        Orders orders = new Orders(new int[] {2, 2}, List.of(), (i, a, j, b) -> a == 0 && b == 0);
        assertEquals(4, count(orders));
    }

    @Test
    void threeTransactionsOfFiveStepsHave756756() {
        for (AnomalyScript script : AnomalyScript.ofThreeLong()) {
            Orders orders = new Orders(new int[] {5, 5, 5}, script.symmetries(), script::isFreeSwap);
            long count = count(orders);
            assertEquals(756_756, orders.passed(), script.name());
            assertTrue(count > 1_000 && count < 756_756 / 2, script.name() + " " + count);
        }
    }

    @Test
    void symmetriesRenameKeysToo() {
        assertEquals(3, script("dirty writes").symmetries().size());
        assertEquals(3, script("write skew of three").symmetries().size());
        assertEquals(6, script("phantom skew of three").symmetries().size());
        assertEquals(6, script("lost updates").symmetries().size());
        assertEquals(2, script("intermediate reads").symmetries().size());
        assertEquals(2, script("aborted reads").symmetries().size());
    }

    private static AnomalyScript script(String name) {
        return AnomalyScript.ofThreeLong().stream()
                .filter(script -> script.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
