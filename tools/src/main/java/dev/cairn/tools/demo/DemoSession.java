package dev.cairn.tools.demo;

import dev.cairn.engine.Database;
import dev.cairn.sql.ScriptRunner;
import dev.cairn.sql.SqlEngine;
import dev.cairn.sql.SqlSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A savepoint session with its output, as the shell would show it. */
final class DemoSession {

    /** Statements, and remarks for the reader. */
    private static final List<String> SCRIPT = List.of(
            "CREATE TABLE vehicles (id bigint, name text NOT NULL);",
            "BEGIN;",
            "INSERT INTO vehicles VALUES (1, 'bZ4X');",
            "-- A savepoint divides the transaction: what follows can be taken back alone.",
            "SAVEPOINT a;",
            "INSERT INTO vehicles VALUES (2, 'Prologue');",
            "ROLLBACK TO a;",
            "INSERT INTO vehicles VALUES (3, 'Ioniq');",
            "RELEASE a;",
            "-- An error undoes only what came after the latest savepoint, once you roll back to it.",
            "SAVEPOINT b;",
            "INSERT INTO vehicles VALUES (4, NULL);",
            "SELECT count(*) FROM vehicles;",
            "ROLLBACK TO b;",
            "INSERT INTO vehicles VALUES (5, 'Leaf');",
            "COMMIT;",
            "SELECT * FROM vehicles ORDER BY id;");

    private DemoSession() {}

    /** Runs the session and hands over what a person would see, line by line. */
    static void show(Database database, Consumer<String> lines) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        try (SqlEngine engine = new SqlEngine(database);
                SqlSession session = engine.open("demo")) {
            ScriptRunner runner = new ScriptRunner(session, stream, stream);
            for (String statement : SCRIPT) {
                lines.accept(prompt(session.state()) + statement);
                runner.feed(statement);
                output.toString(StandardCharsets.UTF_8).lines().forEach(lines);
                output.reset();
            }
        }
    }

    private static String prompt(SqlSession.State state) {
        return switch (state) {
            case IDLE -> "cairn=> ";
            case IN_TRANSACTION -> "cairn=*> ";
            case FAILED -> "cairn=!> ";
        };
    }
}
