package dev.cairn.tools.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.sql.SqlSession;
import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlCommandTest {

    @TempDir
    private Path scratch;

    private String directory() {
        return scratch.resolve("db").toString();
    }

    private CommandRun script(String sql) {
        return CommandRun.withInput(sql, "sql", "--verbosity", "sqlstate", directory());
    }

    @Test
    void aScriptFromStandardInput() {
        CommandRun run =
                script("CREATE TABLE t (id bigint);\nINSERT INTO t VALUES (1), (2);\nSELECT * FROM t ORDER BY id;\n");
        assertEquals("CREATE TABLE\nINSERT 0 2\n id \n----\n  1\n  2\n(2 rows)\n\n", run.out());
        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
    }

    @Test
    void errorsGoToStandardErrorAndTheScriptGoesOnWithExitCodeZero() {
        CommandRun run = script("SELECT * FROM missing;\nSELECT 1 AS one;\n");
        assertEquals("ERROR:  42P01\n", run.err());
        assertEquals(" one \n-----\n   1\n(1 row)\n\n", run.out());
        assertEquals(0, run.exitCode());
    }

    @Test
    void theDefaultVerbositySaysWhatIsWrong() {
        CommandRun run = CommandRun.withInput("SELECT * FROM missing;\n", "sql", directory());
        assertTrue(run.err().startsWith("ERROR:  ") && run.err().contains("missing"), run.err());
    }

    @Test
    void withOnErrorStopTheFirstErrorEndsTheScriptWithThree() {
        CommandRun run =
                CommandRun.withInput("SELECT * FROM missing;\nSELECT 1;\n", "sql", "--on-error-stop", directory());
        assertEquals(3, run.exitCode());
        assertEquals("", run.out());
    }

    @Test
    void aStatementThatFailsGivesOne() {
        assertEquals(
                1,
                CommandRun.of("sql", directory(), "-c", "SELECT * FROM missing").exitCode());
        assertEquals(0, CommandRun.of("sql", "-c", "SELECT 1", directory()).exitCode());
    }

    @Test
    void statementsAndFilesRunInTheirOrder() throws IOException {
        Path file = scratch.resolve("script.sql");
        Files.writeString(file, "INSERT INTO t VALUES (7);\n", StandardCharsets.UTF_8);
        CommandRun run = CommandRun.of(
                "sql",
                directory(),
                "-c",
                "CREATE TABLE t (id bigint)",
                "-f",
                file.toString(),
                "-c",
                "SELECT id FROM t");
        assertEquals("CREATE TABLE\nINSERT 0 1\n id \n----\n  7\n(1 row)\n\n", run.out());
        assertEquals(0, run.exitCode());
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        CommandRun run = CommandRun.of(
                "sql", directory(), "-f", scratch.resolve("none.sql").toString());
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("none.sql"), run.err());
    }

    @Test
    void theEndOfInputRollsBackWhatIsOpen() {
        script("CREATE TABLE t (id bigint);\nBEGIN;\nINSERT INTO t VALUES (1);\n");
        assertEquals(
                " count \n-------\n     0\n(1 row)\n\n",
                script("SELECT count(*) FROM t;\n").out());
    }

    @Test
    void whatIsCommittedIsThereNextTime() {
        script("CREATE TABLE t (id bigint);\nINSERT INTO t VALUES (1);\n");
        assertEquals(
                " id \n----\n  1\n(1 row)\n\n", script("SELECT id FROM t;\n").out());
    }

    @Test
    void aDirectoryInUseIsRefusedWithFour() {
        try (Database database = Database.open(scratch.resolve("db"))) {
            assertFalse(database.statistics() == null);
            CommandRun run = CommandRun.of("sql", directory(), "-c", "SELECT 1");
            assertEquals(4, run.exitCode());
            assertEquals("", run.out());
            assertTrue(run.err().startsWith("cairn: "), run.err());
        }
    }

    @Test
    void nonsenseIsAUsageError() {
        assertEquals(2, CommandRun.of("sql").exitCode());
        assertEquals(2, CommandRun.of("sql", "--verbosity", "loud", directory()).exitCode());
        assertEquals(
                2,
                CommandRun.of("sql", "--option", "noSuchOption=1", directory()).exitCode());
    }

    @Test
    void thePromptShowsWhereTheSessionStands() {
        assertEquals("cairn=> ", SqlShell.prompt(SqlSession.State.IDLE, true));
        assertEquals("cairn=*> ", SqlShell.prompt(SqlSession.State.IN_TRANSACTION, true));
        assertEquals("cairn=!> ", SqlShell.prompt(SqlSession.State.FAILED, true));
        assertEquals("cairn-> ", SqlShell.prompt(SqlSession.State.IDLE, false));
        assertEquals("cairn-*> ", SqlShell.prompt(SqlSession.State.IN_TRANSACTION, false));
    }
}
