package dev.cairn.tools.session;

import dev.cairn.sql.ScriptRunner;
import dev.cairn.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The interactive shell: history, multi-line statements, a prompt that shows where the session stands. ^C gives up the
 * line, or cancels the statement that runs, never the database; ^D ends the shell.
 */
final class SqlShell {

    private static final String HISTORY = ".cairn_history";

    private static final int UNKNOWN_COLUMNS = 80;
    private static final int UNKNOWN_ROWS = 24;

    private final SqlSession session;
    private final ScriptRunner runner;

    SqlShell(SqlSession session, ScriptRunner runner) {
        this.session = session;
        this.runner = runner;
    }

    int run() throws IOException {
        try (Terminal terminal =
                TerminalBuilder.builder().name("cairn").system(true).build()) {
            return run(terminal, Path.of(System.getProperty("user.home"), HISTORY));
        }
    }

    int run(Terminal terminal, Path history) {
        if (terminal.getColumns() <= 0) {
            // A terminal that does not say how wide it is would cut every prompt.
            Sized guess = Size.of(UNKNOWN_COLUMNS, UNKNOWN_ROWS);
            terminal.setSize(guess);
        }
        DefaultParser words = new DefaultParser();
        words.setEofOnUnclosedQuote(false);
        words.setEscapeChars(new char[0]);
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("cairn")
                .parser(words)
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.BELL_STYLE, "none")
                .variable(LineReader.BLINK_MATCHING_PAREN, 0)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.INSERT_TAB, true)
                .build();
        boolean goOn = true;
        while (goOn) {
            try {
                String line = reader.readLine(prompt(session.state(), runner.isBlank()));
                goOn = feed(terminal, line);
            } catch (UserInterruptException e) {
                runner.discard();
            } catch (EndOfFileException e) {
                terminal.writer().println("\\q");
                terminal.flush();
                goOn = false;
            }
        }
        return ScriptRunner.OK;
    }

    /** While a statement runs, ^C interrupts it: the engine gives 57014 and goes on. */
    private boolean feed(Terminal terminal, String line) {
        Thread statement = Thread.currentThread();
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> statement.interrupt());
        try {
            return runner.feed(line);
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
            // One that came too late must not give up the next line.
            Thread.interrupted();
        }
    }

    /** As psql: {@code cairn=>}, with {@code *} in a transaction, {@code !} in a failed one, {@code -} within a statement. */
    static String prompt(SqlSession.State state, boolean fresh) {
        String mark = switch (state) {
            case IDLE -> "";
            case IN_TRANSACTION -> "*";
            case FAILED -> "!";
        };
        return "cairn" + (fresh ? "=" : "-") + mark + "> ";
    }
}
