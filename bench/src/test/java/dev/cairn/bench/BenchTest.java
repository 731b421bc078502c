package dev.cairn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front's contract, and that each workload runs; not how fast. */
class BenchTest {

    private static final Pattern LAST_LINE = Pattern.compile("bench: cells=(\\d+) failed=0 results=(.+)");

    @TempDir
    private Path scratch;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) throws IOException, InterruptedException {
        return Bench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void everyWorkloadRunsAndEveryCellIsWritten() throws IOException, InterruptedException {
        Path results = scratch.resolve("results.jsonl");
        int exitCode = run("--scale=0.001", "--results=" + results, "--directory=" + scratch);
        assertEquals(0, exitCode, () -> out.toString(StandardCharsets.UTF_8));
        List<String> lines = lines();
        Matcher matcher = LAST_LINE.matcher(lines.get(lines.size() - 1));
        assertTrue(matcher.matches(), lines.get(lines.size() - 1));
        List<String> cells = Files.readAllLines(results);
        assertEquals(Integer.parseInt(matcher.group(1)), cells.size());
        assertEquals(results.toAbsolutePath().toString(), matcher.group(2));
        for (String cell : cells) {
            assertTrue(cell.startsWith("{\"workload\":\"") && cell.contains("\"value\":"), cell);
        }
        try (Stream<Path> left = Files.list(scratch)) {
            assertEquals(List.of(results), left.toList(), "databases are removed");
        }
    }

    @Test
    void anEngineCanBeChosen() throws IOException, InterruptedException {
        assertEquals(
                0,
                run(
                        "--scale=0.001",
                        "--results=" + scratch.resolve("r"),
                        "--directory=" + scratch,
                        "commit",
                        "pwrite"));
        assertTrue(
                lines().stream().noneMatch(line -> line.startsWith("  cairn")), out.toString(StandardCharsets.UTF_8));
        assertTrue(
                lines().stream().anyMatch(line -> line.startsWith("  pwrite")), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDocumentGetsTheTablesThatItHasAPlaceFor() throws IOException, InterruptedException {
        Path document = scratch.resolve("document.md");
        Files.writeString(document, "before\n<!-- bench levels: begin -->\nold\n<!-- bench levels: end -->\nafter\n");
        String[] args = {
            "--scale=0.001",
            "--results=" + scratch.resolve("r"),
            "--document=" + document,
            "--directory=" + scratch,
            "levels",
            "cairn"
        };
        assertEquals(0, run(args), () -> out.toString(StandardCharsets.UTF_8));
        String text = Files.readString(document);
        assertTrue(text.startsWith("before\n<!-- bench levels: begin -->\n\n| median"), text);
        assertTrue(text.endsWith("|\n\n<!-- bench levels: end -->\nafter\n"), text);
        assertTrue(text.contains("| put, with its share of the commit | "), text);
        Files.writeString(document, "nothing");
        assertThrows(IOException.class, () -> run(args));
    }

    @Test
    void syncsAreCountedBetweenTheMarks() {
        List<String> calls = List.of(
                "7  openat(AT_FDCWD, \"/d/wal\", O_RDWR|O_CREAT|O_DSYNC, 0644) = 5",
                "7  openat(AT_FDCWD, \"/d/meta\", O_RDWR|O_SYNC <unfinished ...>",
                "8  openat(AT_FDCWD, \"/d/other\", O_RDONLY) = 6",
                "7  <... openat resumed>)             = 9",
                "7  fdatasync(5) = 0",
                "7  write(1, \"commits begin\", 13) = 13",
                "7  write(1, \"\\n\", 1) = 1",
                "7  pwrite64(5, \"..\", 512, 4096 <unfinished ...>",
                "8  fsync(3) = 0",
                "8  fdatasync(3 <unfinished ...>",
                "8  <... fdatasync resumed>)          = 0",
                "7  <... pwrite64 resumed>)           = 512",
                "7  pwrite64(6, \"..\", 512, 4096) = 512",
                "7  pwrite64(9, \"..\", 512, 4096) = 512",
                "7  write(1, \"commits end\", 11) = 11",
                "7  fsync(3) = 0");
        assertEquals(new SyncTrace(2, 2), SyncTrace.of(calls));
    }

    @Test
    void nonsenseIsAUsageError() throws IOException, InterruptedException {
        assertEquals(2, run("no-such-workload"));
        assertEquals(2, run("--no-such-option"));
        assertEquals(2, run("--scale=0"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void helpHasAnExample() throws IOException, InterruptedException {
        assertEquals(0, run("--help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("Example: cairn bench "));
    }
}
