package dev.cairn.tools.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeTableTest {

    @Test
    void aTableThirtyTimesTheCache(@TempDir Path directory) {
        LargeTable.Result result = new LargeTable(directory, 256L << 20, 8L << 20, line -> {}).run();
        assertEquals((256L << 20) / 1000, result.rows());
        assertTrue(result.updated() > 10_000, () -> "updated " + result.updated());
    }

    @Test
    void anUnknownCampaignIsAUsageError() {
        CommandRun run = CommandRun.of("campaign", "no-such");
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("no-such"), run.err());
    }
}
