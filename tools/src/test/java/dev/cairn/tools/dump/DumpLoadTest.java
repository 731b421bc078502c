package dev.cairn.tools.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is dumped can be loaded, and is the same then. */
class DumpLoadTest {

    @TempDir
    private Path scratch;

    private Path write() {
        Path directory = scratch.resolve("db");
        try (Database database = Database.open(directory);
                Transaction tx = database.begin()) {
            all(tx);
            Table odd = tx.createTable(
                    "odd \"name\"; -- 'x'",
                    Schema.builder().column("a,b", ColumnType.TEXT).build());
            for (String text : List.of(
                    "",
                    "plain",
                    "it's",
                    "a,b",
                    "say \"so\"",
                    "\\n is no line end; \\",
                    "two\nlines;\r\n--",
                    "\t\u0001\u007f",
                    "zażółć 𝕏 \u2028",
                    "NULL",
                    "\\N",
                    "--",
                    "/* ; */",
                    "$$;$$")) {
                odd.insert(Row.of(text));
            }
            odd.insert(Row.of((Object) null));
            odd.insert(Row.of("on pages of its own; 'quoted'\n".repeat(1000)));
            tx.createTable(
                    "empty", Schema.builder().column("x", ColumnType.BIGINT).build());
            tx.commit();
        }
        return directory;
    }

    private static void all(Transaction tx) {
        Table all = tx.createTable(
                "all_types",
                Schema.builder()
                        .column("id", ColumnType.BIGINT)
                        .notNull()
                        .column("i", ColumnType.INTEGER)
                        .column("s", ColumnType.SMALLINT)
                        .column("d", ColumnType.DOUBLE)
                        .column("b", ColumnType.BOOLEAN)
                        .column("t", ColumnType.varchar(10))
                        .column("y", ColumnType.BYTEA)
                        .column("n", ColumnType.numeric(20, 3))
                        .column("m", ColumnType.NUMERIC)
                        .column("at", ColumnType.DATE)
                        .column("moment", ColumnType.TIMESTAMP)
                        .build());
        all.insert(Row.of(
                1L,
                2,
                (short) 3,
                0.1,
                true,
                "ten",
                new byte[] {0, -1, 39},
                new BigDecimal("-12.500"),
                new BigDecimal("123456789012345678901234567890.000000000000000000001"),
                LocalDate.of(2026, 2, 28),
                LocalDateTime.of(2026, 1, 31, 23, 59, 59, 123_456_000)));
        all.insert(Row.of(
                Long.MIN_VALUE,
                Integer.MIN_VALUE,
                Short.MIN_VALUE,
                Double.MIN_VALUE,
                false,
                "",
                new byte[0],
                new BigDecimal("0.000"),
                BigDecimal.ZERO,
                LocalDate.of(1, 1, 1),
                LocalDateTime.of(1, 1, 1, 0, 0)));
        all.insert(Row.of(
                Long.MAX_VALUE, Integer.MAX_VALUE, Short.MAX_VALUE, -0.0, null, null, null, null, null, null, null));
        for (double d : List.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE)) {
            all.insert(
                    Row.of(Double.doubleToLongBits(d) >> 1, null, null, d, null, null, null, null, null, null, null));
        }
    }

    private static void keys(Path directory) {
        try (Database database = Database.open(directory);
                Transaction tx = database.begin()) {
            Schema schema = Schema.builder()
                    .column("id", ColumnType.INTEGER)
                    .column("name", ColumnType.TEXT)
                    .build()
                    .withKeys(List.of(
                            new Schema.Key("pk", true, List.of("id")),
                            new Schema.Key("uk", false, List.of("id", "name"))))
                    .withDefaults(Map.of("name", "'x'"))
                    .withChecks(List.of(new Schema.Check("positive", "(id > 0)")));
            Table keyed = tx.createTable("keyed", schema);
            tx.createIndex(
                    "keyed",
                    new Index(
                            "by_name",
                            true,
                            false,
                            List.of(new Index.Part("name", true, false), Index.Part.ascending("id"))));
            for (int i = 1; i <= 250; i++) {
                keyed.insert(Row.of(i, i % 7 == 0 ? null : "name " + i));
            }
            tx.commit();
        }
    }

    /** Definitions and rows of each table, in order. */
    private static TreeMap<String, List<String>> contents(Path directory) {
        TreeMap<String, List<String>> contents = new TreeMap<>();
        try (Database database = Database.open(directory);
                Transaction tx = database.begin()) {
            for (Table table : tx.tables()) {
                List<String> lines = new ArrayList<>();
                lines.add(table.schema() + " " + table.schema().defaults()
                        + table.schema().checks());
                lines.add(table.indexes().toString());
                try (Scan scan = table.scan()) {
                    scan.forEachRemaining(row -> {
                        for (int i = 0; i < row.size(); i++) {
                            row.get(i); // large values are read when they are asked for
                        }
                        lines.add(row.toString());
                    });
                }
                contents.put(table.name(), lines);
            }
        }
        return contents;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql", "ndjson", "csv"})
    void aLoadedDumpIsTheSame(String format) throws IOException {
        Path directory = write();
        keys(directory);
        Path copy = scratch.resolve("copy");
        Path file = scratch.resolve(format.equals("csv") ? "tables" : "dump." + format);
        if (format.equals("csv")) {
            CommandRun dump = CommandRun.of("dump", "--format=csv", "--to=" + file, directory.toString());
            assertEquals("", dump.err());
            assertTrue(dump.lastLine().startsWith("dump: ok tables=4 rows="), dump.lastLine());
        } else {
            CommandRun dump = CommandRun.of("dump", "--format=" + format, directory.toString());
            assertEquals("", dump.err());
            assertEquals(0, dump.exitCode());
            Files.writeString(file, dump.out());
        }
        CommandRun load = CommandRun.of("load", copy.toString(), file.toString());
        assertEquals("", load.err());
        assertEquals(0, load.exitCode());
        assertTrue(load.lastLine().startsWith("load: ok tables="), load.lastLine());
        assertEquals(contents(directory), contents(copy));
    }

    @Test
    void oneTableAsCsv() {
        Path directory = write();
        CommandRun dump = CommandRun.of("dump", "--format=csv", "--table=all_types", directory.toString());
        assertTrue(
                dump.out().startsWith("id,i,s,d,b,t,y,n,m,at,moment\r\n1,2,3,0.1,t,ten,\\x00ff27,-12.500,"),
                dump.out());
        CommandRun.of("sql", "-c", "CREATE TABLE small (b text, a bigint)", directory.toString());
        CommandRun load = CommandRun.withInput(
                "a,b\n1,\n2,\"\"\n", "load", "--json", "--format=csv", "--table=small", directory.toString(), "-");
        assertEquals("{\"load\":\"ok\",\"tables\":0,\"rows\":2}\n", load.out(), load.err());
        assertEquals(
                List.of("[null, 1]", "[, 2]"), contents(directory).get("small").subList(2, 4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--format=sql | BEGIN; CREATE TABLE x (id bigint); | 1 | half a dump",
                "--format=sql | BEGIN; CREATE TABLE x (id bigint); INSERT INTO x VALUES ('a'); COMMIT; | 1 | ERROR:",
                "--format=ndjson | {\"cairn_dump\":1} | 2 | half a dump",
                "--format=ndjson | {\"cairn_dump\":2} | 2 | expected a dump of version 1",
                "--format=ndjson | {\"end\":\"dump\",\"rows\":1} | 1 | says that it has 1 rows, found 0",
                "--format=ndjson | {\"table\":\"x\",\"row\":{}} | 1 | line 1: relation \"x\" does not exist",
                "--format=ndjson | {\"define\":\"x\"} | 2 | line 1: expected a key \"columns\"",
                "--format=ndjson | [1] | 2 | line 1: expected an object",
                "--format=ndjson | {\"a\":tru} | 2 | expected a value at character 5",
                "--format=csv | a,b | 2 | expected --table",
                "--format=xml | a | 2 | expected sql, csv or ndjson",
            })
    void whatIsNoDumpLoadsNothing(String option, String text, int exitCode, String message) {
        String directory = scratch.resolve("new").toString();
        CommandRun load = CommandRun.withInput(text, "load", option, directory, "-");
        assertEquals(exitCode, load.exitCode(), load.err());
        assertTrue(load.err().contains(message), load.err());
        if (Files.exists(scratch.resolve("new"))) {
            assertEquals(Map.of(), contents(scratch.resolve("new")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id,no | expected names of columns",
                "id,id | expected each column once",
                "id;1;2,3 | line 3: expected 1 fields, found 2",
                "id;x | line 2: invalid input syntax",
                "id;\"1 | line 2: expected a closing quote",
                "id;1\"2 | line 2: expected quotes around",
                "id;\"1\"2 | line 2: expected a comma",
            })
    void badCsvIsNamedByLine(String text, String message) {
        String directory = scratch.resolve("new").toString();
        CommandRun.of("sql", "-c", "CREATE TABLE t (id bigint)", directory);
        CommandRun load =
                CommandRun.withInput(text.replace(';', '\n'), "load", "--format=csv", "--table=t", directory, "-");
        assertNotEquals(0, load.exitCode());
        assertTrue(load.err().contains(message), load.err());
        assertEquals(2, contents(scratch.resolve("new")).get("t").size(), "no row");
    }

    @Test
    void nonsenseIsTwoAndNothingThereIsFour() {
        Path directory = write();
        for (List<String> options : List.of(
                List.of("--format=csv"),
                List.of("--format=x"),
                List.of("--to=/x"),
                List.of("--table=none"),
                List.of("--json", "--format=csv"))) {
            List<String> arguments = new ArrayList<>(List.of("dump"));
            arguments.addAll(options);
            arguments.add(directory.toString());
            assertEquals(2, CommandRun.of(arguments.toArray(String[]::new)).exitCode(), options.toString());
        }
        assertEquals(4, CommandRun.of("dump", scratch.resolve("no").toString()).exitCode());
        assertEquals(
                4,
                CommandRun.of("load", scratch.resolve("new").toString(), "/no/such/file")
                        .exitCode());
    }

    @Test
    void anObfuscatedDumpHidesValuesAndLoads() throws IOException {
        Path directory = write();
        CommandRun dump = CommandRun.of("dump", "--obfuscate", "--json", directory.toString());
        assertFalse(dump.out().contains("plain") || dump.out().contains("zażółć"), dump.out());
        assertEquals(
                CommandRun.of("dump", "--json", directory.toString()).outLines().size(),
                dump.outLines().size());
        Path file = Files.writeString(scratch.resolve("d.ndjson"), dump.out());
        CommandRun load = CommandRun.of("load", scratch.resolve("copy").toString(), file.toString());
        assertEquals(0, load.exitCode(), load.err());
    }

    /** Two tables are changed together while the directory is dumped: each dump must show both at one moment. */
    @Test
    void aDumpOfADirectoryInUseIsOfOneMoment() throws InterruptedException {
        Path directory = scratch.resolve("live");
        // Small segments: a command reads to the end of the one that is the newest when it begins.
        DatabaseOptions options =
                DatabaseOptions.builder().segmentBytes(1 << 20).build();
        try (Database database = Database.open(directory, options)) {
            database.transact(dev.cairn.engine.TransactionOptions.DEFAULT, tx -> {
                Schema schema = Schema.builder().column("n", ColumnType.BIGINT).build();
                tx.createTable("a", schema).insert(Row.of(0L));
                tx.createTable("b", schema).insert(Row.of(0L));
                return 0;
            });
            AtomicBoolean stop = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                for (long n = 1; !stop.get(); n++) {
                    try (Transaction tx = database.begin()) {
                        Row row = Row.of(n);
                        tx.table("a").update(all -> true, old -> row);
                        tx.table("b").update(all -> true, old -> row);
                        tx.commit();
                    }
                    if (n % 50 == 0) {
                        database.checkpoint();
                    }
                }
            });
            writer.start();
            long last = -1;
            try {
                for (int i = 0; i < 5; i++) {
                    CommandRun dump = CommandRun.of("dump", "--json", directory.toString());
                    assertEquals(0, dump.exitCode(), dump.err());
                    List<String> rows = dump.outLines().stream()
                            .filter(line -> line.contains("\"row\""))
                            .toList();
                    assertEquals(2, rows.size(), dump.out());
                    assertEquals(rows.get(0).replace("\"a\"", "\"b\""), rows.get(1));
                    long n = Long.parseLong(rows.get(0).replaceAll("[^0-9]", ""));
                    assertTrue(n >= last, "what was committed before is there");
                    last = n;
                    assertEquals(0, CommandRun.of("stat", directory.toString()).exitCode());
                    assertEquals(
                            0,
                            CommandRun.of("key", "--row=1,0", directory.toString(), "a")
                                    .exitCode());
                    CommandRun verify = CommandRun.of("verify", directory.toString());
                    assertTrue(verify.exitCode() == 0 || verify.exitCode() == 5, verify.out() + verify.err());
                }
            } finally {
                stop.set(true);
                writer.join();
            }
        }
    }
}
