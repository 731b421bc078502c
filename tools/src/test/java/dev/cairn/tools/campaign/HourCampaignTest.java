package dev.cairn.tools.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import dev.cairn.tools.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    /** In its place a part runs this: it says nothing that a campaign says. */
    static final class Babbler {
        public static void main(String[] arguments) {
            System.out.println(arguments[1].equals("kill") ? "point nowhere" : "fuzz: states=1");
            System.exit(arguments[1].equals("random") ? 139 : 0);
        }
    }

    @Test
    void partsThatBreakAreNotedAndTheNextOneIsBegun(@TempDir Path directory) throws Exception {
        Path report = directory.resolve("report.md");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false);
        int exitCode = new HourCampaign(console, Babbler.class, 3, report).run();
        String text = Files.readString(report);
        assertEquals(1, exitCode, text);
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("campaign: hour FAILED "), out::toString);
        assertTrue(text.contains("- `cairn fuzz random --workload=savepoints --seed=1 "), text);
        assertTrue(text.contains("exit code 139`\n"), text);
        assertTrue(text.contains("- `cairn fuzz kill --workload="), text);
        assertTrue(text.contains("| corrupt | flipped bits | "), "the turns go on: " + text);
        assertTrue(text.endsWith(CampaignReport.END + "\n"), text);
    }

    @Test
    void timeAndReportAreTheHoursAlone() {
        assertEquals(2, CommandRun.of("campaign", "large", "--time=2s").exitCode());
        assertEquals(2, CommandRun.of("campaign", "hour", "--time=soon").exitCode());
    }
}
