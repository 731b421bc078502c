package dev.cairn.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes, and what a database is doing. */
class StatCommandTest {

    @TempDir
    private Path directory;

    private Database open() {
        return Database.open(
                directory, DatabaseOptions.builder().statisticsFile(true).build());
    }

    private static void fill(Database database) {
        try (Transaction tx = database.begin()) {
            Table t = tx.createTable(
                    "t",
                    Schema.builder()
                            .column("id", ColumnType.BIGINT)
                            .primaryKey("id")
                            .build());
            for (long i = 0; i < 3000; i++) {
                t.insert(Row.of(i));
            }
            tx.savepoint("undone");
            t.insert(Row.of(-1L));
            tx.rollbackTo("undone");
            t.delete(row -> row.getLong("id") >= 2990);
            tx.commit();
        }
    }

    @Test
    void sizesOfAClosedDatabase() {
        try (Database database = open()) {
            fill(database);
        }
        assertFalse(Files.exists(directory.resolve("statistics")), "a clean close removes it");
        CommandRun run = CommandRun.of("stat", directory.toString());
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.outLines().get(1).matches("t +\\d+ +\\d+ +2990 +11 +\\d+% +0%"), run.out());
        assertTrue(run.outLines().get(2).matches("  index t_pkey +\\d+ +\\d+ +300[01] +0 +\\d+% +0% +2"), run.out());
        assertEquals("cache and log figures: unavailable", run.lastLine());
        CommandRun json = CommandRun.of("stat", "--json", directory.toString());
        assertTrue(json.outLines().get(0).contains("\"live_rows\":2990,\"dead_rows\":11,"), json.out());
        assertEquals("{\"figures\":\"unavailable\"}", json.lastLine());
    }

    @Test
    void figuresOfAnOpenOne() throws IOException, InterruptedException {
        try (Database database = open();
                Transaction other = database.begin()) {
            fill(database);
            String figures = await("\"commits\":1,", "stat", "--json", directory.toString());
            assertTrue(figures.contains("{\"figures\":\"live\",\"written\":"), figures);
            assertTrue(figures.contains("\"open_transactions\":1,\"commits\":1,\"rollbacks\":0,"), figures);
            await("  log_syncs ", "stat", directory.toString());
            other.rollback();
        }
    }

    /** Runs a command until it prints that: the figures are written once a second, and are too old after five. */
    private static String await(String wanted, String... command) throws InterruptedException {
        String out = CommandRun.of(command).out();
        for (int i = 0; i < 600 && !out.contains(wanted); i++) {
            Thread.sleep(50);
            out = CommandRun.of(command).out();
        }
        assertTrue(out.contains(wanted), out);
        return out;
    }

    @Test
    void figuresOfADeadProcessOrDamagedOnesAreNone() throws IOException {
        byte[] figures;
        try (Database database = open()) {
            fill(database);
            while (!Files.exists(directory.resolve("statistics")) || Files.size(directory.resolve("statistics")) == 0) {
                Thread.onSpinWait();
            }
            figures = Files.readAllBytes(directory.resolve("statistics"));
        }
        figures[40] ^= 1;
        Files.write(directory.resolve("statistics"), figures);
        assertEquals(
                "{\"figures\":\"unavailable\"}",
                CommandRun.of("stat", "--json", directory.toString()).lastLine());
        assertEquals(0, CommandRun.of("verify", directory.toString()).exitCode());
        try (Database database = Database.open(directory)) {
            assertEquals(java.util.List.of(), database.recoveryReport().unknownFiles());
        }
    }
}
