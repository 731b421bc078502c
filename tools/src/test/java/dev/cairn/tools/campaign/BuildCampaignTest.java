package dev.cairn.tools.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildCampaignTest {

    @Test
    void buildsAndReadsInAProcessOfItsOwn(@TempDir Path directory) {
        CommandRun run = CommandRun.of("campaign", "build", "--rows=30000", "--directory=" + directory);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out()
                        .matches(
                                "campaign: build ok rows=30000 runs=0 pages=\\d+ build_millis=\\d+ rows_per_second=\\d+ "
                                        + "rows_per_second_core=\\d+ peak_heap_bytes=\\d+ heap_bytes=\\d+ seconds=\\d+\n"),
                run.out());
    }

    @Test
    void rowsAreOfThisCampaignOnly() {
        assertEquals(2, CommandRun.of("campaign", "index", "--rows=5").exitCode());
        assertEquals(2, CommandRun.of("campaign", "build", "--rows=0").exitCode());
    }
}
