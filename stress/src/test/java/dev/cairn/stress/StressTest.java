package dev.cairn.stress;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.mutant.EngineSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A moment of every race; {@code ./cairn campaign stress} runs them for minutes. */
class StressTest {

    private static final long FEW = 100;

    @Test
    void everyRaceRunsAndEndsOnlyAsItMay() throws IOException, InterruptedException {
        List<StressResult> results = new StressRun(StressRun.Extent.SLICE).run(null);
        assertEquals(14, results.size());
        assertAll(results.stream().map(result -> (Executable) () -> {
            assertTrue(result.passed(), () -> result.name() + ": " + result.trouble());
            assertTrue(result.samples() > FEW, () -> result.name() + " was run " + result.samples() + " times");
        }));
    }

    @Test
    void everyMutantAppliesToThePresentSources() throws IOException {
        EngineSources sources = EngineSources.in(root(), "stress/mutants");
        List<String> names = sources.names();
        assertTrue(names.size() >= 5, () -> "only " + names);
        assertAll(names.stream().map(name -> (Executable) () -> sources.requireApplies(name)));
    }

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw"))) {
                return at;
            }
        }
        throw new IllegalStateException("not inside the repository");
    }
}
