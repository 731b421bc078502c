package dev.cairn.fuzz.mutant;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class MutantPatchesTest {

    private static final String PATCH = """
            Says what it breaks.
            --- a/wal/A.java
            +++ b/wal/A.java
            @@ -1,3 +1,2 @@
             one
            -two
             three
            @@ -7,1 +6,2 @@
            -seven
            +SEVEN
            +and a half
            """;

    @Test
    void everyMutantAppliesToThePresentSources() throws IOException {
        EngineSources sources = EngineSources.in(root());
        List<String> names = sources.names();
        assertTrue(names.size() >= 20, () -> "only " + names);
        assertAll(names.stream().map(name -> (Executable) () -> sources.requireApplies(name)));
    }

    @Test
    void aHunkIsFoundWhereverItHasMovedTo() {
        UnifiedPatch patch = UnifiedPatch.parse("moved", PATCH);
        assertEquals(List.of("wal/A.java"), patch.paths());
        assertEquals(
                "zero\none\nthree\nfour\nSEVEN\nand a half\n",
                patch.apply("wal/A.java", "zero\none\ntwo\nthree\nfour\nseven\n"));
    }

    @Test
    void aPatchThatNoLongerAppliesIsNamed() {
        UnifiedPatch patch = UnifiedPatch.parse("rotten", PATCH);
        PatchException gone =
                assertThrows(PatchException.class, () -> patch.apply("wal/A.java", "one\nTWO\nthree\nseven\n"));
        assertTrue(String.valueOf(gone.getMessage()).startsWith("rotten: it no longer applies"), gone::getMessage);
        assertThrows(PatchException.class, () -> patch.apply("wal/A.java", "one\ntwo\nthree\nseven\nseven\n"));
    }

    @Test
    void whatIsNoDiffIsRefused() {
        assertThrows(PatchException.class, () -> UnifiedPatch.parse("empty", ""));
        assertThrows(PatchException.class, () -> UnifiedPatch.parse("no hunk", "--- a/A\n+++ b/A\n"));
        assertThrows(PatchException.class, () -> UnifiedPatch.parse("two files", "--- a/A\n+++ b/B\n@@\n-x\n"));
        assertThrows(PatchException.class, () -> UnifiedPatch.parse("no change", "--- a/A\n+++ b/A\n@@\n x\n"));
    }

    @Test
    void elsewhereThanInACheckoutItSaysSo(@TempDir Path elsewhere) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> EngineSources.in(elsewhere));
        assertTrue(String.valueOf(refused.getMessage()).contains("no checkout of Cairn"), refused::getMessage);
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
