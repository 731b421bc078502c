package dev.cairn.tools.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log's commands on a small database. */
class InspectionCommandsTest {

    @TempDir
    private Path scratch;

    private String directory = "";

    @BeforeEach
    void write() {
        directory = scratch.resolve("db").toString();
        CommandRun run = CommandRun.withInput("""
                CREATE TABLE t (id bigint);
                BEGIN;
                INSERT INTO t VALUES (1);
                SAVEPOINT kept;
                INSERT INTO t VALUES (2);
                RELEASE kept;
                SAVEPOINT undone;
                INSERT INTO t VALUES (3);
                ROLLBACK TO undone;
                COMMIT;
                """, "sql", directory);
        assertEquals("", run.err());
    }

    /** The id that the log gives the savepoint of this name. */
    private long xidOf(String savepoint) {
        Matcher matcher = Pattern.compile("\"xid\":(\\d+),.*\"savepoint\":\"" + savepoint + "\"")
                .matcher(CommandRun.of("log", "--json", directory).out());
        assertTrue(matcher.find(), () -> savepoint + " is not in the log");
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void logShowsTheRecordsAndWhereItEnds() {
        CommandRun run = CommandRun.of("log", directory);
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        for (String record :
                List.of("XACT_BEGIN", "SUBXACT_ASSIGN", "HEAP_INSERT", "SUBCOMMIT", "SUBABORT", "COMMIT")) {
            assertTrue(run.out().contains("  " + record + " "), () -> record + " is missing in\n" + run.out());
        }
        assertTrue(run.lastLine().startsWith("end of log at "), run.lastLine());
    }

    @Test
    void lastLimitsThem() {
        List<String> all = CommandRun.of("log", directory).outLines();
        List<String> last = CommandRun.of("log", "--last=3", directory).outLines();
        assertEquals(5, last.size());
        assertEquals(all.subList(all.size() - 4, all.size()), last.subList(1, 5));
    }

    @Test
    void jsonIsOneObjectALine() {
        List<String> lines = CommandRun.of("log", "--json", directory).outLines();
        assertTrue(lines.size() > 10);
        for (String line : lines.subList(0, lines.size() - 1)) {
            assertTrue(line.startsWith("{\"lsn\":\"") && line.endsWith("}"), line);
        }
        assertTrue(lines.get(lines.size() - 1).startsWith("{\"end_of_log\":\""), lines.get(lines.size() - 1));
    }

    @Test
    void txnDrawsTheTreeFromAnyOfItsIds() {
        CommandRun run = CommandRun.of("txn", directory, Long.toString(xidOf("undone")));
        assertEquals(0, run.exitCode());
        assertEquals(3, run.outLines().size(), run.out());
        assertTrue(run.outLines().get(0).contains("committed at "), run.out());
        assertTrue(run.outLines().get(1).matches(".*savepoint \"kept\" +released, committed, 1 row.*"), run.out());
        assertTrue(run.outLines().get(2).matches(".*savepoint \"undone\" +rolled back, 1 row.*"), run.out());
    }

    @Test
    void txnInJson() {
        CommandRun run = CommandRun.of("txn", "--json", directory, Long.toString(xidOf("kept")));
        assertEquals(3, run.outLines().size());
        assertTrue(run.outLines().get(1).contains("\"fate\":\"COMMITTED\",\"ending\":\"RELEASED\""), run.out());
        assertTrue(run.outLines().get(2).contains("\"fate\":\"ROLLED_BACK\",\"ending\":\"ROLLED_BACK\""), run.out());
    }

    @Test
    void anUnknownTransactionIsNotFound() {
        CommandRun run = CommandRun.of("txn", directory, "999999");
        assertEquals(1, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("999999"), run.err());
    }

    @Test
    void infoShowsTheControlFile() {
        CommandRun run = CommandRun.of("info", directory);
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("closed at "), run.out());
        assertTrue(CommandRun.of("info", "--json", directory).out().startsWith("{\"database\":\""));
    }

    @Test
    void nothingThereIsFour() {
        for (String command : List.of("info", "log")) {
            assertEquals(
                    4,
                    CommandRun.of(command, scratch.resolve("none").toString()).exitCode());
            CommandRun run = CommandRun.of(command, scratch.toString());
            assertEquals(4, run.exitCode());
            assertTrue(run.err().contains("holds no database"), run.err());
        }
    }

    @Test
    void aDamagedControlFileIsThree() throws IOException {
        Files.write(Path.of(directory, "control"), new byte[80 << 10]);
        CommandRun run = CommandRun.of("info", directory);
        assertEquals(3, run.exitCode());
        assertEquals("", run.out());
    }

    @Test
    void i11_lookingChangesNothing() throws IOException {
        TreeMap<String, Integer> before = contents();
        CommandRun.of("info", directory);
        CommandRun.of("log", directory);
        CommandRun.of("txn", directory, "3");
        assertEquals(before, contents());
    }

    private TreeMap<String, Integer> contents() throws IOException {
        TreeMap<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
