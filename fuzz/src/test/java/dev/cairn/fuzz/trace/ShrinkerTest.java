package dev.cairn.fuzz.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    @Property(tries = 200)
    void exactlyWhatItTakesToFailIsLeft(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 199) Integer> needed,
            @ForAll @IntRange(min = 200, max = 400) int length) {
        List<Integer> all = IntStream.range(0, length).boxed().toList();
        List<Integer> shortest =
                new Shrinker(10_000, TimeUnit.MINUTES.toNanos(1)).shrink(all, part -> part.containsAll(needed));
        assertEquals(needed.stream().distinct().sorted().toList(), shortest);
    }

    @Test
    void attemptsAreLimited() {
        int[] calls = {0};
        Shrinker shrinker = new Shrinker(7, TimeUnit.MINUTES.toNanos(1));
        List<Integer> left = shrinker.shrink(IntStream.range(0, 100).boxed().toList(), part -> {
            calls[0]++;
            return part.contains(3) && part.contains(97);
        });
        assertEquals(7, calls[0]);
        assertTrue(left.contains(3) && left.contains(97), left.toString());
    }

    @Test
    void nothingIsLeftOfWhatFailsAnyway() {
        assertEquals(List.of(), new Shrinker(50, TimeUnit.MINUTES.toNanos(1)).shrink(List.of(1, 2, 3), part -> true));
        assertEquals(List.of(), new Shrinker(50, TimeUnit.MINUTES.toNanos(1)).shrink(List.of(), part -> true));
    }
}
