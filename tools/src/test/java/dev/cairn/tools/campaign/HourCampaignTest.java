package dev.cairn.tools.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HourCampaignTest {

    @Test
    void aShortOneRunsAndReports(@TempDir Path directory) throws Exception {
        Path report = directory.resolve("report.md");
        CommandRun run = CommandRun.of("campaign", "hour", "--time=2s", "--report=" + report);
        String text = Files.readString(report);
        assertEquals(0, run.exitCode(), () -> run.out() + run.err() + text);
        assertTrue(
                run.lastLine()
                        .matches(
                                "campaign: hour ok distinct=[1-9]\\d* seeds=[1-9]\\d* kills=\\d+ failures=0 mismatches=0"
                                        + " broken=0 seconds=\\d+ report=.*"),
                run.lastLine());
        assertTrue(text.contains("| random | savepoints | "), text);
        assertTrue(text.contains("| `log.leading` | "), text);
    }

    @Test
    void timeAndReportAreTheHoursAlone() {
        assertEquals(2, CommandRun.of("campaign", "large", "--time=2s").exitCode());
        assertEquals(2, CommandRun.of("campaign", "hour", "--time=soon").exitCode());
    }
}
