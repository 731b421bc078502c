package dev.cairn.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.ControlFile;
import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalvageCommandTest {

    private static final int PAGE = 8192;

    @TempDir
    private Path scratch;

    private Path source = Path.of("");
    private Path destination = Path.of("");

    /** Rows 1 to 2,000, of which the even ones were deleted and 2,001 never was. */
    @BeforeEach
    void write() {
        source = scratch.resolve("source");
        destination = scratch.resolve("rescued");
        CommandRun run = CommandRun.withInput("""
                CREATE TABLE t (id bigint, name text);
                INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 2000) AS s(i);
                BEGIN;
                SAVEPOINT undone;
                INSERT INTO t VALUES (2001, 'never');
                ROLLBACK TO undone;
                DELETE FROM t WHERE id % 2 = 0;
                COMMIT;
                CREATE TABLE other (x integer);
                INSERT INTO other VALUES (42);
                """, "sql", source.toString());
        assertEquals("", run.err());
    }

    private CommandRun salvage(int exitCode) throws IOException {
        Map<String, Integer> before = bytes();
        CommandRun run = CommandRun.of("salvage", source.toString(), destination.toString());
        assertEquals(exitCode, run.exitCode(), () -> run.out() + run.err());
        assertEquals(before, bytes(), "the source is as it was");
        CommandRun verified = CommandRun.of("verify", destination.toString());
        assertEquals(0, verified.exitCode(), verified::out);
        return run;
    }

    private Map<String, Integer> bytes() throws IOException {
        Map<String, Integer> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                bytes.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }

    private String rescued(String query) {
        CommandRun run = CommandRun.of("sql", "-c", query, destination.toString());
        assertEquals("", run.err());
        return run.outLines().get(2).strip();
    }

    private void damage(String name, int at, int count) throws IOException {
        Path file = source.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, at, at + count, (byte) 0x5A);
        Files.write(file, bytes);
    }

    @Test
    void aSoundDirectoryIsCopiedWhole() throws IOException {
        CommandRun run = salvage(0);
        assertTrue(run.lastLine().startsWith("salvage: complete tables=2 rows=1001 lost_pages=0 "), run.out());
        assertEquals(
                "1000 | 1000000", rescued("SELECT count(*), sum(id) FROM t").replaceAll(" +", " "));
        assertEquals("42", rescued("SELECT x FROM other"));
    }

    /** Damage to an index costs nothing: it is built anew. */
    @Test
    void indexesAreBuiltAnew() throws IOException {
        String before = newestDataFile();
        CommandRun made = CommandRun.of("sql", "-c", "CREATE UNIQUE INDEX other_x ON other (x)", source.toString());
        assertEquals("", made.err());
        String index = newestDataFile();
        assertTrue(index.compareTo(before) > 0, index);
        damage(index, PAGE + 3000, 10);
        CommandRun run = salvage(0);
        assertTrue(run.lastLine().startsWith("salvage: complete tables=2 rows=1001 "), run.out());
        CommandRun twice = CommandRun.of("sql", "-c", "INSERT INTO other VALUES (42)", destination.toString());
        assertTrue(twice.err().contains("duplicate key value violates unique constraint \"other_x\""), twice.err());
    }

    private String newestDataFile() throws IOException {
        return bytes().keySet().stream()
                .filter(name -> name.startsWith("heap-"))
                .max(String::compareTo)
                .orElseThrow();
    }

    @Test
    void aLostPageTakesOnlyItsRows() throws IOException {
        damage("heap-00000002", 2 * PAGE + 3000, 10);
        CommandRun run = salvage(3);
        assertTrue(run.out().contains("note: page 2 of heap-00000002 is lost"), run.out());
        assertTrue(run.lastLine().contains(" lost_pages=1 "), run.out());
        int left = Integer.parseInt(rescued("SELECT count(*) FROM t"));
        assertTrue(left > 700 && left < 1000, "left: " + left);
    }

    @Test
    void withoutAControlFileTheRestStillTells() throws IOException {
        damage(ControlFile.NAME, 100, 10);
        damage(ControlFile.NAME, ControlFile.SLOT_DISTANCE + 100, 10);
        CommandRun run = salvage(3);
        assertTrue(run.out().contains("neither slot of the control file is valid"), run.out());
        assertEquals("1000", rescued("SELECT count(*) FROM t"));
    }

    @Test
    void withoutTheStatusTheLogTellsWhoCommitted() throws IOException {
        Files.delete(source.resolve("status"));
        CommandRun run = salvage(3);
        assertTrue(run.out().contains("status"), run.out());
        assertEquals("1000", rescued("SELECT count(*) FROM t"));
    }

    @Test
    void withoutStatusAndLogRowsAreInDoubt() throws IOException {
        Files.delete(source.resolve("status"));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("wal-"))
                    .toList()) {
                Files.delete(file);
            }
        }
        CommandRun run = salvage(3);
        assertTrue(
                run.lastLine().startsWith("salvage: partial tables=2 rows=0 lost_pages=0 lost_rows=0 undecided="),
                run.out());
        assertEquals("42", rescued("SELECT x FROM other_undecided"));
    }

    @Test
    void withoutTheCatalogRowsAreSavedAsBytes() throws IOException {
        Files.delete(source.resolve("heap-00000001"));
        salvage(3);
        assertEquals("1000", rescued("SELECT count(*) FROM file_2"));
    }

    @Test
    void aDestinationInUseIsRefused() throws IOException {
        Files.createDirectory(destination);
        Files.write(destination.resolve("mine"), new byte[1]);
        assertEquals(
                2,
                CommandRun.of("salvage", source.toString(), destination.toString())
                        .exitCode());
        assertEquals(
                4,
                CommandRun.of("salvage", scratch.resolve("absent").toString(), destination.toString())
                        .exitCode());
    }
}
