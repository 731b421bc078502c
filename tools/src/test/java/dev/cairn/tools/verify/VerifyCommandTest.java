package dev.cairn.tools.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

    @TempDir
    private Path scratch;

    private Path directory = Path.of("");

    @BeforeEach
    void write() {
        directory = scratch.resolve("db");
        CommandRun run = CommandRun.withInput("""
                CREATE TABLE t (id bigint, name text);
                INSERT INTO t VALUES (1, 'one'), (2, 'two');
                """, "sql", directory.toString());
        assertEquals("", run.err());
    }

    @Test
    void aSoundDirectoryIsClean() {
        CommandRun run = CommandRun.of("verify", directory.toString());
        assertTrue(run.lastLine().matches("verify: clean pages=[1-9][0-9]* errors=0"), run.out());
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
    }

    @Test
    void damageIsNamedAndGivesItsExitCode() throws IOException {
        Path file = directory.resolve("heap-00000002");
        byte[] bytes = Files.readAllBytes(file);
        bytes[8192 + 5000] ^= 1;
        Files.write(file, bytes);
        CommandRun run = CommandRun.of("verify", directory.toString());
        assertEquals(3, run.exitCode());
        List<String> lines = run.outLines();
        assertTrue(lines.get(0).startsWith("error heap-00000002 page 1: its checksum is "), run.out());
        assertTrue(run.lastLine().matches("verify: damaged pages=[1-9][0-9]* errors=1"), run.out());
        List<String> json =
                CommandRun.of("verify", "--json", directory.toString()).outLines();
        assertTrue(
                json.get(0).startsWith("{\"finding\":\"error\",\"file\":\"heap-00000002\",\"page\":1,\"text\":\""),
                json::toString);
        assertTrue(json.get(1).startsWith("{\"verify\":\"damaged\",\"pages\":"), json::toString);
    }

    @Test
    void noDatabaseIsUnreadable() throws IOException {
        Path empty = Files.createDirectory(scratch.resolve("empty"));
        CommandRun run = CommandRun.of("verify", empty.toString());
        assertEquals("verify: unreadable pages=0 errors=1", run.lastLine());
        assertEquals(4, run.exitCode());
        assertEquals(
                4, CommandRun.of("verify", scratch.resolve("absent").toString()).exitCode());
    }

    @Test
    void aDatabaseInUseIsReadAndLeftAlone() {
        try (Database database = Database.open(directory);
                Transaction transaction = database.begin()) {
            transaction.table("t").delete(row -> true);
            CommandRun run = CommandRun.of("verify", directory.toString());
            assertTrue(run.lastLine().startsWith("verify: clean "), run.out());
            transaction.commit();
        }
        assertEquals(0, CommandRun.of("verify", directory.toString()).exitCode());
    }
}
