package dev.cairn.sql;

import dev.cairn.engine.Column;
import dev.cairn.sql.StatementResult.Notice;
import dev.cairn.sql.StatementResult.ResultColumn;
import dev.cairn.sql.syntax.Lexer;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.TransactionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts as psql does: cuts the text into statements, runs each in the session, prints tables and tags to one stream,
 * errors, warnings and notices to another, each flushed before the other is written to. Not thread-safe.
 */
public final class ScriptRunner {

    /** What is printed of an error: its severity, message and detail, or the SQLSTATE alone. */
    public enum Verbosity {
        DEFAULT,
        SQLSTATE
    }

    /** psql's exit codes. */
    public static final int OK = 0;

    /** A statement given on the command line failed. */
    public static final int FAILED = 1;

    /** A script was stopped by an error. */
    public static final int SCRIPT_STOPPED = 3;

    private static final String HELP = """
            General
              \\q                     quit
              \\?                     show this help
            Informational
              \\d [TABLE]             describe a table; list tables without one
              \\dt                    list tables
            """;

    private final SqlSession session;
    private final PrintStream out;
    private final PrintStream err;
    private Verbosity verbosity = Verbosity.DEFAULT;
    private boolean onErrorStop;
    private String source = "";
    private int line;
    private boolean failed;
    private boolean quit;
    private final StringBuilder pending = new StringBuilder();

    public ScriptRunner(SqlSession session, PrintStream out, PrintStream err) {
        this.session = session;
        this.out = out;
        this.err = err;
    }

    public ScriptRunner verbosity(Verbosity value) {
        verbosity = value;
        return this;
    }

    /** Whether the first error ends the script, with {@link #SCRIPT_STOPPED}. */
    public ScriptRunner onErrorStop(boolean value) {
        onErrorStop = value;
        return this;
    }

    /** Names the script in front of errors, as {@code psql:NAME:LINE: ERROR:  …}; empty (the default) for none. */
    public ScriptRunner source(String name) {
        source = name;
        return this;
    }

    /**
     * Runs a whole script.
     *
     * @return {@link #OK} even after errors; {@link #SCRIPT_STOPPED} if an error ended it
     */
    public int run(Reader script) {
        line = 0;
        failed = false;
        quit = false;
        pending.setLength(0);
        try (BufferedReader reader = new BufferedReader(script)) {
            String text = reader.readLine();
            while (text != null && !finished()) {
                line++;
                feed(text);
                text = reader.readLine();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        if (!finished()) {
            finish();
        }
        return failed && onErrorStop ? SCRIPT_STOPPED : OK;
    }

    private boolean finished() {
        return quit || (failed && onErrorStop);
    }

    /** Runs what is left without its semicolon. */
    private void finish() {
        String rest = pending.toString();
        pending.setLength(0);
        if (Lexer.skipBlanks(rest, 0) < rest.length()) {
            failed |= !runStatement(rest);
        }
    }

    /**
     * Takes one more line of input, as typed at a prompt, and runs what is complete.
     *
     * @return whether the session should go on: false after {@code \q}
     */
    public boolean feed(String text) {
        String rest = text;
        if (rest.stripLeading().startsWith("\\") && isBlank()) {
            pending.setLength(0);
            command(rest.strip());
            return !quit;
        }
        pending.append(rest).append('\n');
        if (rest.indexOf(';') < 0) {
            return true;
        }
        while (!finished()) {
            String buffered = pending.toString();
            int end = Lexer.statementEnd(buffered, 0);
            if (end < 0) {
                if (isBlank()) {
                    pending.setLength(0);
                }
                return true;
            }
            pending.delete(0, end + 1);
            String statement = buffered.substring(0, end);
            if (Lexer.skipBlanks(statement, 0) < statement.length()) {
                failed |= !runStatement(statement);
            }
            String after = pending.toString().strip();
            if (after.startsWith("\\")) {
                pending.setLength(0);
                command(after);
            }
        }
        return !quit;
    }

    /** Whether the input so far ends between statements: what the prompt of a fresh statement stands for. */
    public boolean isBlank() {
        String rest = pending.toString();
        return rest.isBlank() || (!rest.contains("/*") && Lexer.skipBlanks(rest, 0) == rest.length());
    }

    /** Forgets a statement that has been begun, as ^C at a prompt does. */
    public void discard() {
        pending.setLength(0);
    }

    /**
     * Runs a string of one or several statements, or a backslash command, as {@code psql -c} does.
     *
     * @return {@link #OK} or {@link #FAILED}
     */
    public int runCommand(String sql) {
        if (sql.stripLeading().startsWith("\\")) {
            return command(sql.strip()) ? OK : FAILED;
        }
        return runStatement(sql) ? OK : FAILED;
    }

    private boolean runStatement(String sql) {
        try {
            session.execute(sql, this::print);
            return true;
        } catch (TransactionException error) {
            report("ERROR", error.sqlState(), String.valueOf(error.getMessage()));
            if (error.detail() != null && verbosity == Verbosity.DEFAULT) {
                err.print("DETAIL:  " + error.detail() + "\n");
                err.flush();
            }
            return false;
        }
    }

    private void print(StatementResult result) {
        for (Notice notice : result.notices()) {
            report(notice.severity(), notice.sqlState(), notice.message());
        }
        if (result.hasRows()) {
            out.print(PsqlFormat.table(result));
        }
        boolean changed = result.tag().matches("(INSERT|UPDATE|DELETE) .*");
        if ((!result.hasRows() && !result.tag().isEmpty()) || changed) {
            out.print(result.tag() + "\n");
        }
        out.flush();
    }

    private void report(String severity, String sqlState, String message) {
        out.flush();
        String place = source.isEmpty() ? "" : "psql:" + source + ":" + line + ": ";
        err.print(place + severity + ":  " + (verbosity == Verbosity.SQLSTATE ? sqlState : message) + "\n");
        err.flush();
    }

    /** A backslash command; false if there is none of that name, or it failed. */
    private boolean command(String text) {
        String[] words = text.replaceAll(";+$", "").split("\\s+", -1);
        switch (words[0]) {
            case "\\q" -> quit = true;
            case "\\?" -> print(HELP);
            case "\\dt" -> {
                return listTables();
            }
            case "\\d" -> {
                return words.length > 1 ? describe(words[1]) : listTables();
            }
            default -> {
                out.flush();
                err.print("invalid command " + words[0] + "\nTry \\? for help.\n");
                err.flush();
                failed = true;
                return false;
            }
        }
        return true;
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    private boolean listTables() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        session.tableNames().forEach(name -> rows.add(new Object[] {name, "table"}));
        if (rows.isEmpty()) {
            err.print("Did not find any relations.\n");
            err.flush();
            return true;
        }
        printTable("List of relations", List.of("Name", "Type"), rows, "");
        return true;
    }

    private boolean describe(String name) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        TableDescription described;
        try {
            described = session.describe(name);
        } catch (TransactionException unknown) {
            report("ERROR", unknown.sqlState(), String.valueOf(unknown.getMessage()));
            return false;
        }
        Map<String, String> defaults = described.schema().defaults();
        for (Column column : described.schema().columns()) {
            rows.add(new Object[] {
                column.name(),
                column.type().toString(),
                column.notNull() ? "not null" : "",
                defaults.getOrDefault(column.name(), "")
            });
        }
        printTable(
                "Table \"" + name + "\"", List.of("Column", "Type", "Nullable", "Default"), rows, described.footer());
        return true;
    }

    private void printTable(String title, List<String> names, List<@Nullable Object[]> rows, String below) {
        List<ResultColumn> columns =
                names.stream().map(name -> new ResultColumn(name, SqlType.TEXT)).toList();
        String table = PsqlFormat.table(new StatementResult("", columns, rows, List.of()));
        int width = table.indexOf('\n');
        String footer = "(" + rows.size() + (rows.size() == 1 ? " row)\n\n" : " rows)\n\n");
        print(" ".repeat(Math.max(0, (width - title.length()) / 2)) + title + "\n"
                + table.substring(0, table.length() - footer.length()) + below + "\n");
    }
}
