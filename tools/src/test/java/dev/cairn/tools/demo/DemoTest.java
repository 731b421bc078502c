package dev.cairn.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoTest {

    private static final Pattern LAST_LINE = Pattern.compile(
            "demo: ok commits=(\\d+) acknowledged=(\\d+) recovered=(\\d+) lost=0 phantom=0 branches=(\\d+)");

    @Test
    void i7_theDemoProvesItsPoint() {
        long begun = System.nanoTime();
        CommandRun run = CommandRun.of("demo", "--seed=7");
        assertEquals(0, run.exitCode(), () -> run.err() + run.out());
        Matcher matcher = LAST_LINE.matcher(run.lastLine());
        assertTrue(matcher.matches(), run.out());
        long commits = Long.parseLong(matcher.group(1));
        long acknowledged = Long.parseLong(matcher.group(2));
        assertTrue(acknowledged > 0 && commits >= acknowledged && commits <= acknowledged + 1, run.lastLine());
        assertEquals(commits, Long.parseLong(matcher.group(3)));
        assertTrue(Long.parseLong(matcher.group(4)) > 64, run.lastLine());
        assertTrue(run.out().contains("lost in the crash"), run.out());
        assertTrue(System.nanoTime() - begun < 60_000_000_000L, "the demo took longer than a minute");
    }
}
