package dev.cairn.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.sql.ScriptRunner.Verbosity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptRunnerTest {

    private Database database;
    private SqlEngine engine;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private ScriptRunner runner;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(directory);
        engine = new SqlEngine(database);
        runner = new ScriptRunner(
                engine.open(),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        engine.close();
        database.close();
    }

    private int run(String script) {
        return runner.run(new StringReader(script));
    }

    @Test
    void resultsAndErrorsGoTheirOwnWays() {
        assertEquals(ScriptRunner.OK, run("SELECT 1 AS one;\nSELECT * FROM nowhere;\nCOMMIT;"));
        assertEquals(" one \n-----\n   1\n(1 row)\n\nCOMMIT\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(
                "ERROR:  relation \"nowhere\" does not exist\nWARNING:  there is no transaction in progress\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void onErrorStopEndsTheScript() {
        runner.onErrorStop(true).verbosity(Verbosity.SQLSTATE).source("x.sql");
        assertEquals(ScriptRunner.SCRIPT_STOPPED, run("BEGIN;\nSELEC;\nSELECT 1;"));
        assertEquals("BEGIN\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("psql:x.sql:2: ERROR:  42601\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aCommandTellsWhetherItFailed() {
        assertEquals(ScriptRunner.OK, runner.runCommand("CREATE TABLE t (a int NOT NULL); SELECT 1"));
        assertEquals(ScriptRunner.FAILED, runner.runCommand("SELECT 1 / 0"));
        assertEquals(ScriptRunner.OK, runner.runCommand("\\d t"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains(" a      | integer | not null | "));
        assertEquals(ScriptRunner.FAILED, runner.runCommand("\\nonsense"));
    }

    /** As psql writes it. */
    @Test
    void aTableIsDescribedWithItsKeysAndChecks() {
        run("""
                CREATE TABLE k (a int PRIMARY KEY, b int UNIQUE, c text DEFAULT 'x', d int NOT NULL CHECK (d > 0));
                CREATE INDEX k_cd ON k (c, d DESC);
                CREATE UNIQUE INDEX z ON k (b DESC NULLS LAST);
                \\d k
                """);
        String printed = out.toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains(" c      | text    |          | 'x'\n"), printed);
        assertTrue(printed.endsWith("""
                Indexes:
                    "k_pkey" PRIMARY KEY, btree (a)
                    "k_b_key" UNIQUE CONSTRAINT, btree (b)
                    "k_cd" btree (c, d DESC)
                    "z" UNIQUE, btree (b DESC NULLS LAST)
                Check constraints:
                    "k_d_check" CHECK (d > 0)

                """), printed);
    }

    @Test
    void statementsEndAtSemicolonsOutsideOfQuotes() {
        run("SELECT ';' AS \";\", $$;$$, E'\\';' /* ; /* ; */ ; */ -- ;\n ; SELECT (1;2);\n SELECT 3");
        String printed = out.toString(StandardCharsets.UTF_8);
        assertTrue(printed.startsWith(" ; | ?column? | ?column? \n"), printed);
        assertTrue(printed.endsWith("\n        3\n(1 row)\n\n"), printed);
        assertEquals("ERROR:  syntax error at or near \";\"\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void quitEndsTheScript() {
        run("SELECT 1 AS a;\n\\q\nSELECT 2 AS b;");
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("b"));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void linesAreFedOneByOne() {
        assertTrue(runner.isBlank());
        assertTrue(runner.feed("SELECT 1"));
        assertFalse(runner.isBlank());
        assertTrue(runner.feed("AS x;"));
        assertTrue(runner.isBlank());
        assertEquals(" x \n---\n 1\n(1 row)\n\n", out.toString(StandardCharsets.UTF_8));
        assertTrue(runner.feed("SELECT '"));
        runner.discard();
        assertTrue(runner.isBlank());
        assertFalse(runner.feed("\\q"));
    }
}
