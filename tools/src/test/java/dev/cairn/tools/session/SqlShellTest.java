package dev.cairn.tools.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.sql.ScriptRunner;
import dev.cairn.sql.SqlEngine;
import dev.cairn.sql.SqlSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlShellTest {

    @TempDir
    private Path scratch;

    private String type(String keys) throws IOException {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
        InputStream keyboard = new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8));
        try (Terminal terminal = new DumbTerminal("test", "dumb", keyboard, screen, StandardCharsets.UTF_8);
                Database database = Database.open(scratch.resolve("db"));
                SqlEngine engine = new SqlEngine(database);
                SqlSession session = engine.open()) {
            ScriptRunner runner = new ScriptRunner(session, out, out);
            assertEquals(0, new SqlShell(session, runner).run(terminal, scratch.resolve("history")));
        }
        return screen.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStatementMayTakeSeveralLines() throws IOException {
        String screen = type("SELECT 1\n  AS one;\n\\q\n");
        assertTrue(screen.contains("cairn=> "), screen);
        assertTrue(screen.contains("cairn-> "), screen);
        assertTrue(screen.contains(" one \n-----\n   1\n(1 row)"), screen);
    }

    @Test
    void thePromptFollowsTheTransaction() throws IOException {
        String screen = type("BEGIN;\nSELECT * FROM missing;\nROLLBACK;\n\\q\n");
        assertTrue(screen.contains("cairn=*> "), screen);
        assertTrue(screen.contains("cairn=!> "), screen);
    }

    @Test
    void theEndOfInputEndsIt() throws IOException {
        assertTrue(type("SELECT 1;\n").endsWith("\\q" + System.lineSeparator()));
    }

    @Test
    void whatWasTypedIsRemembered() throws IOException {
        type("SELECT 1;\n\\q\n");
        assertTrue(Files.readString(scratch.resolve("history")).contains("SELECT 1;"));
    }

    @Test
    void backslashesAndExclamationMarksMeanThemselves() throws IOException {
        String screen = type("SELECT 'a\\b!c' AS t;\n\\q\n");
        assertTrue(screen.contains("a\\b!c\n(1 row)"), screen);
    }
}
