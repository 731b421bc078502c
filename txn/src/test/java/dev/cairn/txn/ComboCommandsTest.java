package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ComboCommandsTest {

    private record Pair(int cmin, int cmax) {}

    @Test
    void eachPairHasOneNumberAndEachNumberItsPair() {
        ComboCommands combos = new ComboCommands();
        assertThrows(IllegalStateException.class, () -> combos.cmin(0));
        Random random = new Random(1);
        Map<Pair, Integer> numbers = new HashMap<>();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            // Neighbours, as a loop of updates makes them, and pairs that have nothing to do with one another.
            Pair pair = i % 2 == 0 ? new Pair(i, i + 1) : new Pair(random.nextInt(200), random.nextInt() >>> 1);
            if (numbers.putIfAbsent(pair, pairs.size()) == null) {
                pairs.add(pair);
            }
            assertEquals(numbers.get(pair), combos.combine(pair.cmin, pair.cmax));
        }
        for (int number = 0; number < pairs.size(); number++) {
            Pair pair = pairs.get(number);
            assertEquals(number, combos.combine(pair.cmin, pair.cmax));
            assertEquals(pair.cmin, combos.cmin(number));
            assertEquals(pair.cmax, combos.cmax(number));
        }
        assertThrows(IllegalStateException.class, () -> combos.cmax(pairs.size()));
        assertThrows(IllegalStateException.class, () -> combos.cmax(-1));
    }
}
