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
        CommandRun.of("log", "--reverse", "--stats", directory);
        CommandRun.of("txn", directory, "3");
        assertEquals(before, contents());
    }

    @Test
    void rowsStandInTheirColumns() {
        assertTrue(CommandRun.of("log", directory).out().contains(": (3)"));
        assertTrue(CommandRun.of("log", "--json", directory)
                .out()
                .contains("\"table_name\":\"t\",\"columns\":{\"id\":\"3\"}"));
    }

    @Test
    void filtersCutTheLogDown() {
        long undone = xidOf("undone");
        assertEquals(List.of("SUBXACT_ASSIGN", "HEAP_INSERT", "SUBABORT"), kinds("--xid=" + undone));
        assertEquals(kinds("--xid=" + undone), kinds("--tree=" + undone));
        assertEquals(
                List.of("COMMIT", "COMMIT"), kinds("--kind=commit"), "one of the table's creation, one of the session");
        assertEquals(3, kinds("--table=t", "--kind=HEAP_INSERT").size());
        assertEquals(List.of(), kinds("--table=999"));
        assertTrue(kinds("--page=2:1").contains("HEAP_INSERT"));
        assertEquals(List.of(), kinds("--to=2001-01-01T00:00:00Z", "--kind=COMMIT"));
        assertEquals(2, kinds("--from=2001-01-01T00:00:00Z", "--kind=COMMIT").size());
    }

    @Test
    void fromAndToPartTheLog() {
        List<String> all = CommandRun.of("log", "--json", directory).outLines();
        String middle = all.get(all.size() / 2).replaceFirst("^\\{\"lsn\":\"([^\"]*)\".*", "$1");
        int before = kinds("--to=" + middle).size();
        assertEquals(all.size() / 2, before);
        assertEquals(all.size() - 1, before + kinds("--from=" + middle).size());
    }

    @Test
    void reverseIsTheSameBackwards() {
        List<String> forward = records("--xid=0");
        List<String> backward = records("--reverse");
        java.util.Collections.reverse(backward);
        assertEquals(forward, backward);
        assertEquals(
                records("--last=2").get(1), records("--reverse", "--last=2").get(0));
    }

    @Test
    void statisticsAddUp() {
        List<String> lines =
                CommandRun.of("log", "--stats", "--json", directory).outLines();
        long records = 0;
        for (String line : lines) {
            if (line.contains("\"group\":\"kind\"")) {
                records += Long.parseLong(line.replaceFirst(".*\"records\":(\\d+),.*", "$1"));
            }
        }
        assertEquals(records("--json").size(), records);
        assertTrue(lines.get(lines.size() - 1).contains("\"records\":" + records + ","), lines.toString());
    }

    @Test
    void obfuscationHidesRowsAndKeepsTheirLength() {
        List<String> plain = records("--kind=HEAP_INSERT", "--json");
        List<String> hidden = records("--kind=HEAP_INSERT", "--json", "--obfuscate");
        for (int i = 0; i < plain.size(); i++) {
            String row = plain.get(i).replaceFirst(".*\"row\":\"([0-9a-f]*)\".*", "$1");
            String hash = hidden.get(i).replaceFirst(".*\"row\":\"([0-9a-f]*)\".*", "$1");
            assertEquals(row.length(), hash.length());
            assertTrue(!row.equals(hash) && !hidden.get(i).contains("columns"), hidden.get(i));
        }
    }

    @Test
    void pageImagesAreSavedOutsideOnly() throws IOException {
        Path images = scratch.resolve("images");
        assertEquals(
                0, CommandRun.of("log", "--page-images=" + images, directory).exitCode());
        try (Stream<Path> saved = Files.list(images)) {
            assertTrue(saved.allMatch(
                    file -> file.toString().endsWith(".page") && file.toFile().length() == 8192));
        }
        assertEquals(
                2, CommandRun.of("log", "--page-images=" + directory, directory).exitCode());
    }

    @Test
    void whatCannotBeReadIsSkippedAndSaid() throws IOException {
        String lsn = records("--json", "--kind=SUBCOMMIT").get(0).replaceFirst("^\\{\"lsn\":\"([^\"]*)\".*", "$1");
        int records = records().size();
        flip(dev.cairn.storage.base.Lsn.parse(lsn) + 30);
        CommandRun run = CommandRun.of("log", directory);
        assertEquals(3, run.exitCode());
        assertTrue(run.out().contains("-- skipped ") && run.out().contains(" at " + lsn + ": "), run.out());
        assertEquals(records, run.outLines().size() - 2, "one record less, one line for the gap");
        assertTrue(CommandRun.of("txn", directory).err().contains("skipped"));
    }

    @Test
    void allTransactionsAtAGlance() {
        CommandRun run = CommandRun.of("txn", directory);
        assertEquals(0, run.exitCode());
        assertTrue(run.out().startsWith("2 transactions in the log that is left"), run.out());
        assertTrue(run.out().contains("deepest"), run.out());
        assertTrue(CommandRun.of("txn", "--json", directory).out().contains("\"committed\":2,"));
    }

    @Test
    void nonsenseIsTwo() {
        for (String option : List.of("--kind=NONE", "--from=x", "--page=1", "--table=none", "--xid=-1", "--last=-2")) {
            CommandRun run = CommandRun.of("log", option, directory);
            assertEquals(2, run.exitCode(), option);
            assertTrue(run.err().contains("expected") || run.err().contains("there is no table"), run.err());
        }
        assertEquals(2, CommandRun.of("log", "--follow", "--stats", directory).exitCode());
        assertEquals(2, CommandRun.of("txn", "--top=0", directory).exitCode());
    }

    /** The lines of records, without heading and end. */
    private List<String> records(String... options) {
        List<String> arguments = new java.util.ArrayList<>(List.of("log"));
        arguments.addAll(List.of(options));
        arguments.add(directory);
        List<String> lines = CommandRun.of(arguments.toArray(String[]::new)).outLines();
        boolean heading = !arguments.contains("--json");
        return new java.util.ArrayList<>(lines.subList(heading ? 1 : 0, lines.size() - 1));
    }

    private List<String> kinds(String... options) {
        List<String> arguments = new java.util.ArrayList<>(List.of(options));
        arguments.add("--json");
        return records(arguments.toArray(String[]::new)).stream()
                .map(line -> line.replaceFirst(".*\"record\":\"(\\w+)\".*", "$1"))
                .toList();
    }

    private void flip(long lsn) throws IOException {
        long segment = dev.cairn.engine.DatabaseOptions.DEFAULT.segmentBytes();
        String name;
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            name = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("wal-") && Long.parseLong(file.substring(4), 16) == lsn / segment)
                    .findFirst()
                    .orElseThrow();
        }
        Path file = Path.of(directory, name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (lsn % segment)] ^= 1;
        Files.write(file, bytes);
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
