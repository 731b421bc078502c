package dev.cairn.tools.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.tools.CommandRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of a row. */
class KeyCommandTest {

    @TempDir
    private Path scratch;

    private String directory = "";

    @BeforeEach
    void write() {
        directory = scratch.resolve("db").toString();
        try (Database database = Database.open(Path.of(directory))) {
            try (Transaction tx = database.begin()) {
                tx.createTable(
                        "t",
                        Schema.builder()
                                .column("id", ColumnType.BIGINT)
                                .column("name", ColumnType.TEXT)
                                .primaryKey("id")
                                .build());
                tx.createTable(
                                "keyless",
                                Schema.builder().column("id", ColumnType.BIGINT).build())
                        .insert(Row.of(7L));
                tx.commit();
            }
            try (Transaction tx = database.begin(TransactionOptions.DEFAULT.withLabel("import"))) {
                Table t = tx.table("t");
                t.insert(Row.of(1L, "one"));
                tx.savepoint("batch");
                t.insert(Row.of(2L, "two"));
                t.update(row -> row.getLong("id") == 1, row -> row.with("name", "changed"));
                tx.rollbackTo("batch");
                t.insert(Row.of(3L, "three"));
                tx.commit();
            }
            try (Transaction tx = database.begin()) {
                tx.table("t").delete(row -> row.getLong("id") == 3);
                tx.table("keyless").update(row -> true, row -> Row.of(8L));
                tx.commit();
            }
        }
    }

    @Test
    void aRowThatWasRolledBack() {
        CommandRun run = CommandRun.of("key", directory, "t", "2");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("row (2) of table t", run.outLines().get(0));
        assertTrue(
                run.outLines()
                        .get(2)
                        .matches(".* HEAP_INSERT +\\(1,1\\) +xid \\d+, savepoint \"batch\" of transaction"
                                + " \\d+ \"import\": rolled back by ROLLBACK TO, 20.* \\(2, \"two\"\\)"),
                run.out());
        assertTrue(
                run.outLines()
                        .get(4)
                        .matches("  \\(1,1\\) +not visible: made by xid \\d+, rolled back \\(2, \"two\"\\)"),
                run.out());
        assertEquals("key: records=1 versions=1 visible=0", run.lastLine());
    }

    @Test
    void aRowWhoseUpdateWasRolledBack() {
        CommandRun run = CommandRun.of("key", directory, "t", "1");
        assertTrue(run.outLines().get(2).matches(".*HEAP_INSERT.*\"import\": committed.*\\(1, \"one\"\\)"), run.out());
        assertTrue(run.outLines().get(3).matches(".*UPDATE.*\"batch\".*rolled back.*\\(1, \"changed\"\\)"), run.out());
        assertTrue(run.out().contains(" visible: made by"), run.out());
        assertEquals("key: records=2 versions=2 visible=1", run.lastLine());
    }

    @Test
    void aRowThatWasDeleted() {
        CommandRun run = CommandRun.of("key", directory, "t", "3");
        assertTrue(run.outLines().get(3).matches(".*HEAP_DELETE .*: committed.*"), run.out());
        assertTrue(run.out().matches("(?s).* not visible: made by xid \\d+, deleted by xid \\d+ .*"), run.out());
        assertEquals("key: records=2 versions=1 visible=0", run.lastLine());
    }

    @Test
    void aRowByItsAddressAndWhatReplacedIt() {
        CommandRun run = CommandRun.of("key", "--row=1,0", directory, "keyless");
        assertEquals("key: records=2 versions=2 visible=1", run.lastLine(), run.out());
        CommandRun json = CommandRun.of("key", "--json", "--row=(1,0)", directory, "keyless");
        assertEquals(5, json.outLines().size(), json.out());
        assertTrue(json.outLines().get(3).contains("\"visible\":true,\"columns\":{\"id\":\"8\"}"), json.out());
        assertEquals("{\"records\":2,\"versions\":2,\"visible\":1}", json.lastLine());
    }

    @Test
    void jsonNamesWhoDidIt() {
        CommandRun run = CommandRun.of("key", "--json", directory, "t", "2");
        assertTrue(
                run.outLines()
                        .get(0)
                        .matches("\\{\"lsn\":\".*\",\"record\":\"HEAP_INSERT\",\"xid\":\\d+,\"row_id\":\"\\(1,1\\)\","
                                + "\"next_row_id\":null,\"top\":\\d+,\"label\":\"import\",\"savepoints\":\\[\"batch\"\\],"
                                + "\"fate\":\"ROLLED_BACK\",\"sqlstate\":null,\"time\":\\d+,"
                                + "\"columns\":\\{\"id\":\"2\",\"name\":\"two\"\\}\\}"),
                run.out());
    }

    @Test
    void valuesAreHiddenIfAsked() {
        CommandRun run = CommandRun.of("key", "--obfuscate", directory, "t", "2");
        assertFalse(run.out().contains("two"), run.out());
        assertTrue(run.outLines().get(2).matches(".*\\(1, \"[a-z0-5]{3}\"\\)"), run.out());
    }

    @Test
    void theLogOfOneKey() {
        CommandRun run = CommandRun.of("log", "--json", "--table=t", "--key=3", directory);
        List<String> lines = run.outLines();
        assertEquals(3, lines.size(), run.out() + run.err());
        assertTrue(lines.get(1).contains("\"HEAP_DELETE\""), run.out());
        assertEquals(2, CommandRun.of("log", "--key=3", directory).exitCode());
    }

    @Test
    void whatIsNotThere() {
        assertEquals(1, CommandRun.of("key", directory, "t", "99").exitCode());
        for (List<String> arguments : List.of(
                List.of("none", "1"),
                List.of("t"),
                List.of("t", "1", "2"),
                List.of("t", "x"),
                List.of("keyless", "7"))) {
            String[] line = {"key", directory, arguments.get(0)};
            String[] all = java.util.stream.Stream.concat(
                            java.util.Arrays.stream(line), arguments.stream().skip(1))
                    .toArray(String[]::new);
            CommandRun run = CommandRun.of(all);
            assertEquals(2, run.exitCode(), arguments + run.err());
        }
        assertEquals(2, CommandRun.of("key", "--row=0,1", directory, "t").exitCode());
    }
}
